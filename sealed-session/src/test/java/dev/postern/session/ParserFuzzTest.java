package dev.postern.session;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/// Everything in the kept corpus, at the parser it is for. With `JAZZER_FUZZ=1` the fuzzer goes on from there and
/// leaves what it finds in the corpus.
final class ParserFuzzTest {
    @FuzzTest(maxDuration = "5m")
    @Timeout(value = 24, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SAME_THREAD)
    void everyParserRefusesOrUnderstands(byte[] input) {
        FuzzTarget.dispatch(input);
    }
}
