package dev.postern.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.gateway.admission.AnswerMeter.Basis;
import dev.postern.gateway.admission.AnswerMeter.Charge;
import dev.postern.gateway.problem.Failure;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class AnswerMeterTest {
    private static final Estimate ESTIMATE = new Estimate(100, 400);

    @Test
    void chargeWhenTheModelReportsThenItsCounts() {
        AnswerMeter meter = document();
        meter.sent();
        pass(meter, "{\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":9,\"details\":{\"a\":1}},\"choices\":[{}]}");
        assertThat(meter.charge()).isEqualTo(new Charge(Basis.REPORTED, 7, 9));
    }

    @Test
    void chargeWhenNothingWasSentThenNothing() {
        assertThat(document().charge()).isEqualTo(new Charge(Basis.NOTHING, 0, 0));
    }

    @Test
    void chargeWhenRefusedBeforeTheModelThenNothing() {
        for (Failure failure : new Failure[] {
            Failure.REDACTION_UNAVAILABLE, Failure.REVOCATION_UNAVAILABLE, Failure.MODEL_REJECTED, Failure.OVERLOADED
        }) {
            AnswerMeter meter = document();
            meter.sent();
            meter.failed(failure);
            assertThat(meter.charge().basis()).describedAs("%s", failure).isEqualTo(Basis.NOTHING);
        }
    }

    @Test
    void chargeWhenADocumentBrokeOffUnseenThenAsReserved() {
        for (Failure failure : new Failure[] {
            Failure.ANSWER_TRUNCATED,
            Failure.UPSTREAM_TIMEOUT,
            // A token about to expire, or a session that its owner takes back, are no ways not to pay.
            Failure.TOKEN_EXPIRED,
            Failure.FORBIDDEN,
            Failure.ANSWER_WITHHELD
        }) {
            AnswerMeter meter = document();
            meter.sent();
            meter.failed(failure);
            assertThat(meter.charge()).isEqualTo(new Charge(Basis.RESERVED, 100, 400));
        }
        AnswerMeter cancelled = document();
        cancelled.sent();
        assertThat(cancelled.charge()).isEqualTo(new Charge(Basis.RESERVED, 100, 400));
    }

    @Test
    void chargeWhenADocumentReportsNothingThenItsOctets() {
        AnswerMeter meter = document();
        meter.sent();
        pass(meter, "{\"text\":\"" + "x".repeat(289) + "\"}");
        assertThat(meter.charge()).isEqualTo(new Charge(Basis.COUNTED, 100, 100));
    }

    @Test
    void chargeWhenAStreamBreaksOffThenWhatWasSeen() {
        AnswerMeter meter = new AnswerMeter(ESTIMATE, 3, true, true);
        meter.sent();
        assertThat(meter.charge()).isEqualTo(new Charge(Basis.COUNTED, 100, 0));
        pass(meter, event(""));
        pass(meter, event("one"));
        pass(meter, event("two"));
        meter.failed(Failure.UPSTREAM_TIMEOUT);
        assertThat(meter.charge()).isEqualTo(new Charge(Basis.COUNTED, 100, 3));
    }

    @Test
    void chargeWhenEventsWereJoinedOnTheWayThenTheirOctets() {
        AnswerMeter meter = new AnswerMeter(ESTIMATE, 3, true, true);
        meter.sent();
        pass(meter, event(""));
        pass(meter, event("x".repeat(300)));
        assertThat(meter.charge()).isEqualTo(new Charge(Basis.COUNTED, 100, 100));
    }

    @Test
    void passWhenAnEventOnlyReportsUseThenItIsKeptBackFromWhoDidNotAsk() {
        String usage = "{\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}";
        assertThat(pass(new AnswerMeter(ESTIMATE, 3, true, true), usage)).isFalse();
        assertThat(pass(new AnswerMeter(ESTIMATE, 3, true, false), usage)).isTrue();
        String both = "{\"choices\":[{\"delta\":{}},[1]],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}";
        assertThat(pass(new AnswerMeter(ESTIMATE, 3, true, true), both)).isTrue();
        String none = "{\"choices\":[{\"delta\":{\"content\":\"\\\"usage\\\"\"}}],\"usage\":null}";
        assertThat(pass(new AnswerMeter(ESTIMATE, 3, true, true), none)).isTrue();
    }

    @Test
    void usageWhenNotWhatModelsReportThenItIsNotBelieved() {
        for (String json : new String[] {
            "{\"usage\":7}",
            "{\"usage\":",
            "not json \"usage\"",
            "[\"usage\"]",
            "{\"a\":{\"usage\":{\"prompt_tokens\":1}}}"
        }) {
            assertThat(ReportedUsage.find(json.getBytes(StandardCharsets.UTF_8)))
                    .describedAs(json)
                    .isEmpty();
        }
        assertThat(ReportedUsage.find("{\"usage\":{\"prompt_tokens\":-5,\"completion_tokens\":1e9}}"
                        .getBytes(StandardCharsets.UTF_8)))
                .contains(new ReportedUsage(0, 0, false));
        assertThat(ReportedUsage.find(
                        ("{\"usage\":{\"prompt_tokens\":" + "9".repeat(40) + "}}").getBytes(StandardCharsets.UTF_8)))
                .isEmpty();
    }

    private static AnswerMeter document() {
        return new AnswerMeter(ESTIMATE, 3, false, false);
    }

    private static boolean pass(AnswerMeter meter, String json) {
        return meter.pass(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String event(String text) {
        return "{\"choices\":[{\"delta\":{\"content\":\"" + text + "\"}}]}";
    }
}
