package dev.postern.cli.demo;

import java.util.List;

/// The caller got its own data back, in the plain answer and in the streamed one.
final class RestoredCheck implements DemoCheck {
    @Override
    public String id() {
        return "pii-restored";
    }

    @Override
    public String run(DemoWorld world) throws CheckFailed {
        List<String> personal = world.canaries().personal();
        for (String answer : List.of(world.answer(), world.streamedAnswer())) {
            long missing =
                    personal.stream().filter(value -> !answer.contains(value)).count();
            CheckFailed.unless(missing == 0, missing + " values were not restored in an answer");
        }
        return "all " + personal.size() + " values came back in both answers";
    }
}
