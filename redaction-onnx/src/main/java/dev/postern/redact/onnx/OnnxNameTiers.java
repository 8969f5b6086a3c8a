package dev.postern.redact.onnx;

import dev.postern.redact.name.NameTier;
import dev.postern.redact.name.NameTierProvider;
import dev.postern.redact.name.Sentences;
import dev.postern.redact.name.UnusableNameModel;
import java.nio.file.Path;

/// Opens models from directories with `model.onnx`, `tokenizer.json` and `config.json`.
public final class OnnxNameTiers implements NameTierProvider {
    @Override
    public NameTier open(Path directory, Sentences sentences) {
        OnnxNameTier tier = new OnnxNameTier(ModelDirectory.read(directory), sentences);
        try {
            tier.tryOut();
        } catch (NameModelFailed e) {
            throw new UnusableNameModel("model.onnx does not fit tokenizer.json and config.json: " + e.getMessage(), e);
        }
        return tier;
    }
}
