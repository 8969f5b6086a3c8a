package dev.postern.cli.admin.command;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern admin clients`
@Command(name = "clients", description = "Who may ask for tokens, and for which.", mixinStandardHelpOptions = true)
final class ClientsCommand extends EditableNoun {
    ClientsCommand() {
        super(
                "Client",
                "/clients",
                Column.of("client_id", "tenant", "status", "auth", "bindings", "scopes", "version"));
    }

    @Command(
            name = "keys",
            description = "Shows a client's public keys, or replaces them.",
            mixinStandardHelpOptions = true)
    int keys(
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = "--put",
                            paramLabel = "FILE",
                            description =
                                    "A file with a JWK set of public keys, or with what this command prints as --json.")
                    @Nullable
                    Path file)
            throws InterruptedException {
        String path = path(name) + "/keys";
        if (file == null) {
            return admin().show(api -> {
                JsonNode body = api.get(path).body();
                return body.has("jwks")
                        ? Shown.of(
                                body,
                                Table.of(body.path("jwks").path("keys"), Column.of("kid", "kty", "crv", "alg", "use")))
                        : Shown.fields(body);
            });
        }
        ObjectNode keys = keys(Documents.object(file));
        return admin().change("The keys of " + name + " are replaced.", api -> api.put(path, keys));
    }

    private static ObjectNode keys(ObjectNode document) {
        if (document.has("keys")) {
            ObjectNode keys = document.objectNode();
            keys.set("jwks", document);
            return keys;
        }
        // How the client proves itself is told and cannot be changed here.
        document.remove("auth");
        return document;
    }

    @Command(
            name = "effective",
            description = "What a client may do in the end: scopes, models, topics, limits, rules.",
            mixinStandardHelpOptions = true)
    int effective(@Parameters(paramLabel = "NAME") String name) throws InterruptedException {
        return admin().show(
                        api -> Shown.fields(api.get(path(name) + "/effective").body()));
    }

    @Command(
            name = "disable",
            description = "Takes everything from a client at once: no new tokens, and its live ones end.",
            mixinStandardHelpOptions = true)
    int disable(@Parameters(paramLabel = "NAME") String name) throws InterruptedException {
        return status(name, "disabled");
    }

    @Command(name = "enable", description = "Lets a client ask for tokens again.", mixinStandardHelpOptions = true)
    int enable(@Parameters(paramLabel = "NAME") String name) throws InterruptedException {
        return status(name, "enabled");
    }

    private int status(String name, String status) throws InterruptedException {
        return admin().change(
                        "Client " + name + " is " + status + ".",
                        api -> api.change(path(name), client -> client.put("status", status)));
    }
}
