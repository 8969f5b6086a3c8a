package dev.postern.cli.demo;

import com.openai.models.models.Model;
import java.util.List;

/// The official client lists the models.
final class ModelsCheck implements DemoCheck {
    @Override
    public String id() {
        return "models";
    }

    @Override
    public String run(DemoWorld world) throws CheckFailed, InterruptedException {
        List<String> models = world.openAi(world.gatewayToken()).models().list().data().stream()
                .map(Model::id)
                .toList();
        CheckFailed.unless(models.contains(DemoWorld.CHAT_MODEL), "the list lacks " + DemoWorld.CHAT_MODEL);
        return models.size() + " models listed";
    }
}
