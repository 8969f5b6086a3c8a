package dev.postern.cli.terminal;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/// The key as the signal SIGINT.
///
/// `sun.misc.Signal` is the JDK's only way to it. It is supported (JEP 260, module `jdk.unsupported`) and yet warned of
/// by the compiler, so it is reached by name. A JDK without it leaves the key as it is.
public final class SignalKey implements InterruptKey {
    @Override
    public Caught interrupting(Thread thread) {
        try {
            Class<?> signalType = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Object signal = signalType.getConstructor(String.class).newInstance("INT");
            Method handle = signalType.getMethod("handle", signalType, handlerType);
            Object interrupting = Proxy.newProxyInstance(
                    SignalKey.class.getClassLoader(), new Class<?>[] {handlerType}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            thread.interrupt();
                        }
                        return null;
                    });
            Object before = handle.invoke(null, signal, interrupting);
            return () -> restore(handle, signal, before);
        } catch (ReflectiveOperationException _) {
            return () -> {};
        }
    }

    private static void restore(Method handle, Object signal, Object before) {
        try {
            var _ = handle.invoke(null, signal, before);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("what was handled before can be handled again", e);
        }
        // The key may have been hit just after the last thing that it could interrupt.
        var _ = Thread.interrupted();
    }
}
