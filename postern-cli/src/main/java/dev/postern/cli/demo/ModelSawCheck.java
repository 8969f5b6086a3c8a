package dev.postern.cli.demo;

import java.util.List;
import tools.jackson.databind.JsonNode;

/// Looks at what the model was really sent: the questions are there, the personal data is not.
final class ModelSawCheck implements DemoCheck {
    private static final int REQUESTS = 5;

    @Override
    public String id() {
        return "pii-never-reached-model";
    }

    @Override
    public String run(DemoWorld world) throws CheckFailed, InterruptedException {
        List<JsonNode> seen = world.seenByModel(world.canaries().marker());
        CheckFailed.unless(
                seen.size() == REQUESTS,
                "the model saw " + seen.size() + " of this run's requests instead of " + REQUESTS);
        for (JsonNode body : seen) {
            String text = body.toString();
            long leaked =
                    world.canaries().personal().stream().filter(text::contains).count();
            CheckFailed.unless(leaked == 0, leaked + " personal values reached the model");
        }
        return "the model saw " + seen.size() + " requests with none of the "
                + world.canaries().personal().size() + " personal values";
    }
}
