package dev.postern.cli.admin.command;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// Something that is read, written and removed one by one, with a version.
abstract class EditableNoun extends Noun {
    private final String singular;

    EditableNoun(String singular, String path, List<Column> columns) {
        super(path, columns);
        this.singular = singular;
    }

    @Command(name = "show", description = "Shows one.", mixinStandardHelpOptions = true)
    int show(@Parameters(paramLabel = "NAME") String name) throws InterruptedException {
        return admin().show(api -> Shown.fields(api.get(path(name)).body()));
    }

    @Command(name = "put", description = "Creates or replaces one from a JSON file.", mixinStandardHelpOptions = true)
    int put(
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "FILE") Path file,
            @Option(
                            names = "--if-match",
                            paramLabel = "VERSION",
                            defaultValue = "",
                            description = "Only when it has this version.")
                    String version)
            throws InterruptedException {
        ObjectNode body = Documents.object(file);
        return admin().change(
                        singular + " " + name + " is in force.",
                        api -> version.isEmpty()
                                ? api.put(path(name), body)
                                : api.put(path(name), body, Versions.etag(version)));
    }

    @Command(name = "delete", description = "Removes one.", mixinStandardHelpOptions = true)
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
                        singular + " " + name + " is removed.",
                        api -> version.isEmpty()
                                ? api.delete(path(name))
                                : api.delete(path(name), Versions.etag(version)));
    }
}
