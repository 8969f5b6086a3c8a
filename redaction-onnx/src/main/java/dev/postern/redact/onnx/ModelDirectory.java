package dev.postern.redact.onnx;

import dev.postern.redact.name.UnusableNameModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A model's directory as Hugging Face's exporters write it: `model.onnx`, `tokenizer.json`, `config.json`.
///
/// @param labels by their number in the model's output
/// @param mostTokens that the model reads at once
record ModelDirectory(Path model, Path tokenizer, List<TagLabel> labels, int mostTokens) {
    private static final long LARGEST_MODEL = 2L << 30;
    private static final long LARGEST_TOKENIZER = 64L << 20;
    private static final long LARGEST_CONFIG = 1L << 20;
    private static final int MOST_LABELS = 256;
    private static final int MOST_TOKENS = 512;
    private static final int FEWEST_TOKENS = 16;
    /// RoBERTa's kind count positions from two on.
    private static final int POSITIONS_BEFORE = 2;

    ModelDirectory {
        labels = List.copyOf(labels);
    }

    static ModelDirectory read(Path directory) {
        Path model = file(directory, "model.onnx", LARGEST_MODEL);
        Path tokenizer = file(directory, "tokenizer.json", LARGEST_TOKENIZER);
        JsonNode config = config(file(directory, "config.json", LARGEST_CONFIG));
        return new ModelDirectory(model, tokenizer, labels(config.path("id2label")), mostTokens(config));
    }

    private static Path file(Path directory, String name, long largest) {
        Path file = directory.resolve(name);
        try {
            if (!Files.isRegularFile(file)) {
                throw new UnusableNameModel("the model's directory has no " + name
                        + ": it needs model.onnx, tokenizer.json and config.json");
            }
            if (Files.size(file) > largest) {
                throw new UnusableNameModel(name + " is larger than " + (largest >> 20) + " MB");
            }
            return file;
        } catch (IOException e) {
            throw new UnusableNameModel(name + " cannot be read: see to its permissions", e);
        }
    }

    private static JsonNode config(Path file) {
        try {
            return new JsonMapper().readTree(Files.readString(file));
        } catch (IOException | JacksonException e) {
            throw new UnusableNameModel("config.json is no JSON document: export the model again", e);
        }
    }

    private static List<TagLabel> labels(JsonNode names) {
        if (!names.isObject() || names.isEmpty() || names.size() > MOST_LABELS) {
            throw new UnusableNameModel("config.json must have id2label with 1 to " + MOST_LABELS
                    + " labels, as token-classification models have");
        }
        List<TagLabel> labels = new ArrayList<>();
        for (int number = 0; number < names.size(); number++) {
            JsonNode name = names.path(String.valueOf(number));
            if (!name.isString()) {
                throw new UnusableNameModel(
                        "id2label in config.json has no label " + number + ": it must number its labels from 0 on");
            }
            labels.add(TagLabel.of(name.stringValue("")));
        }
        return labels;
    }

    private static int mostTokens(JsonNode config) {
        int positions = config.path("max_position_embeddings").intValue(MOST_TOKENS);
        boolean roberta = config.path("model_type").stringValue("").contains("roberta");
        int most = Math.min(MOST_TOKENS, roberta ? positions - POSITIONS_BEFORE : positions);
        if (most < FEWEST_TOKENS) {
            throw new UnusableNameModel("max_position_embeddings in config.json must be " + FEWEST_TOKENS + " or more");
        }
        return most;
    }
}
