package dev.postern.cli.admin.command;

import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Reads what an operator wrote into a file.
final class Documents {
    private Documents() {}

    static ObjectNode object(Path file) {
        if (read(file) instanceof ObjectNode object) {
            return object;
        }
        throw new Failure(ExitCode.REFUSED, file + " does not hold a JSON object.");
    }

    static JsonNode read(Path file) {
        try {
            return new JsonMapper().readTree(Files.readString(file));
        } catch (IOException e) {
            throw new Failure(file + " cannot be read.", e);
        } catch (JacksonException e) {
            throw new Failure(file + " is not JSON.", e);
        }
    }
}
