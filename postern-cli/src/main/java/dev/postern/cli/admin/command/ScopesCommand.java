package dev.postern.cli.admin.command;

import dev.postern.cli.admin.AdminClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `postern admin scopes`: small enough to be written on the command line.
@Command(name = "scopes", description = "The scopes that clients may be given.", mixinStandardHelpOptions = true)
final class ScopesCommand extends Noun {
    ScopesCommand() {
        super("/scopes", Column.of("name", "description", "built_in", "version"));
    }

    @Command(name = "put", description = "Creates or describes one.", mixinStandardHelpOptions = true)
    int put(
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "DESCRIPTION", description = "What it permits, in a few words.")
                    String description,
            @Option(
                            names = "--if-match",
                            paramLabel = "VERSION",
                            defaultValue = "",
                            description = "Only when it has this version.")
                    String version)
            throws InterruptedException {
        ObjectNode body = new JsonMapper().createObjectNode().put("description", description);
        return admin().change(
                        "Scope " + name + " is in force.",
                        api -> api.put(path(name), body, version.isEmpty() ? etag(api, name) : Versions.etag(version)));
    }

    @Command(name = "delete", description = "Removes one that nobody has.", mixinStandardHelpOptions = true)
    int delete(
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = "--if-match",
                            paramLabel = "VERSION",
                            defaultValue = "",
                            description = "Only when it has this version.")
                    String version)
            throws InterruptedException {
        return admin().change(
                        "Scope " + name + " is removed.",
                        api -> api.delete(path(name), version.isEmpty() ? etag(api, name) : Versions.etag(version)));
    }

    /// The entity tag as the list tells it; empty when there is no such scope.
    private static String etag(AdminClient api, String name) throws InterruptedException {
        for (JsonNode scope : api.list("/scopes")) {
            if (scope.path("name").asString("").equals(name)) {
                return Versions.etag(Column.text(scope.path("version")));
            }
        }
        return "";
    }
}
