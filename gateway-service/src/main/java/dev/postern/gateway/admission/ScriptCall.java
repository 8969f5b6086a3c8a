package dev.postern.gateway.admission;

import java.util.List;

/// The keys and arguments of `admission.lua`, in the order that it documents.
final class ScriptCall {
    private static final int HEAD = 4;
    private static final int PER_METER = 5;

    private ScriptCall() {}

    static String[] keys(Demand demand) {
        String[] keys = new String[1 + demand.meters().size()];
        keys[0] = demand.reservationKey();
        for (int i = 1; i < keys.length; i++) {
            keys[i] = demand.meters().get(i - 1).key();
        }
        return keys;
    }

    static String[] take(Demand demand, String now) {
        String[] arguments = arguments("take", demand, now);
        for (int i = 0; i < demand.meters().size(); i++) {
            arguments[amountOf(i)] = Long.toString(demand.meters().get(i).amount());
        }
        return arguments;
    }

    static String[] settle(Demand demand, String now, Used used) {
        String[] arguments = arguments("settle", demand, now);
        for (int i = 0; i < demand.meters().size(); i++) {
            Meter meter = demand.meters().get(i);
            arguments[amountOf(i)] = Long.toString(meter.correction(used.of(meter)));
        }
        return arguments;
    }

    private static String[] arguments(String mode, Demand demand, String now) {
        List<Meter> meters = demand.meters();
        String[] arguments = new String[HEAD + PER_METER * meters.size()];
        arguments[0] = mode;
        arguments[1] = now;
        arguments[2] = demand.requestId();
        arguments[3] = Long.toString(demand.lease().toMillis());
        for (int i = 0; i < meters.size(); i++) {
            Meter meter = meters.get(i);
            int at = HEAD + PER_METER * i;
            arguments[at] = meter.kind().shape().scriptName();
            arguments[at + 1] = Long.toString(meter.limit());
            arguments[at + 2] = Long.toString(meter.perMinute());
            arguments[at + 4] = Long.toString(meter.lifeMillis());
        }
        return arguments;
    }

    private static int amountOf(int meter) {
        return HEAD + PER_METER * meter + 3;
    }
}
