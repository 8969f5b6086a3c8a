package dev.postern.redact.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.postern.redact.name.UnusableNameModel;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A model in memory, for the life of the process. Safe for any number of threads; each call computes in its own.
final class TokenModel {
    private static final Set<String> INPUTS = Set.of("input_ids", "attention_mask", "token_type_ids");

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final int labels;

    private TokenModel(OrtEnvironment environment, OrtSession session, int labels) {
        this.environment = environment;
        this.session = session;
        this.labels = labels;
    }

    static TokenModel read(Path file, int labels) {
        // What goes wrong is thrown; in the runtime's own log it would name tokens, which are text.
        OrtEnvironment environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            OrtSession session = environment.createSession(file.toString(), options);
            for (String input : session.getInputNames()) {
                if (!INPUTS.contains(input)) {
                    throw new UnusableNameModel("model.onnx asks for the input \"" + input
                            + "\": only input_ids, attention_mask and token_type_ids are given");
                }
            }
            return new TokenModel(environment, session, labels);
        } catch (OrtException e) {
            throw new UnusableNameModel(
                    "model.onnx cannot be loaded: export it again, for ONNX Runtime 1.22 or older", e);
        }
    }

    /// The scores of all labels for all tokens of all windows: window after window, each as long as the longest.
    ///
    /// @throws NameModelFailed when the model throws, or answers in another shape or with a score that is infinite
    ///     or no number: compared with those, every token could be none of a name
    float[] scores(List<long[]> windows, int longest) {
        int size = windows.size() * longest;
        long[] ids = new long[size];
        long[] mask = new long[size];
        for (int i = 0; i < windows.size(); i++) {
            long[] window = windows.get(i);
            System.arraycopy(window, 0, ids, i * longest, window.length);
            Arrays.fill(mask, i * longest, i * longest + window.length, 1);
        }
        long[] shape = {windows.size(), longest};
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try {
            for (String input : session.getInputNames()) {
                long[] values =
                        input.equals("input_ids") ? ids : input.equals("attention_mask") ? mask : new long[size];
                inputs.put(input, OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape));
            }
            try (OrtSession.Result result = session.run(inputs)) {
                return scores(result, windows.size(), longest);
            }
        } catch (OrtException e) {
            throw new NameModelFailed(e);
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private float[] scores(OrtSession.Result result, int windows, int longest) {
        if (!(result.get(0) instanceof OnnxTensor tensor)) {
            throw new NameModelFailed("its first output is no tensor");
        }
        TensorInfo info = tensor.getInfo();
        long[] shape = info.getShape();
        FloatBuffer floats = tensor.getFloatBuffer();
        if (floats == null || shape.length != 3 || shape[0] != windows || shape[1] != longest || shape[2] != labels) {
            throw new NameModelFailed(
                    "its first output has to be numbers by text, token and label, with the labels of config.json");
        }
        float[] scores = new float[floats.remaining()];
        floats.get(scores);
        for (float score : scores) {
            if (!Float.isFinite(score)) {
                throw new NameModelFailed("a score is infinite or no number");
            }
        }
        return scores;
    }
}
