package dev.postern.chassis.problem;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// JSON bodies that are read only once it is clear who sends them: a parameter that the framework binds is parsed
/// before the method runs, whoever sent it and however long it is.
public final class JsonBody {
    private static final JsonMapper JSON = JsonMapper.shared();

    private JsonBody() {}

    /// Reads and parses a body.
    ///
    /// @param longest in octets
    /// @throws ProblemException 413 for a longer one, 400 for one that is not of the form, or cannot be read
    public static <T> T read(HttpServletRequest request, Class<T> form, int longest) {
        try {
            byte[] body = request.getInputStream().readNBytes(longest + 1);
            if (body.length > longest) {
                throw new ProblemException(Problem.TOO_LARGE);
            }
            @Nullable T value = JSON.readValue(body, form);
            if (value == null) {
                throw new ProblemException(Problem.MALFORMED);
            }
            return value;
        } catch (IOException | JacksonException _) {
            throw new ProblemException(Problem.MALFORMED);
        }
    }
}
