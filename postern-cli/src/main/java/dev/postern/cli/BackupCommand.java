package dev.postern.cli;

import dev.postern.cli.backup.BackupKeys;
import dev.postern.cli.backup.BackupReader;
import dev.postern.cli.backup.BackupWriter;
import dev.postern.cli.backup.Restoration;
import dev.postern.cli.home.PosternHome;
import dev.postern.cli.platform.Upstream;
import dev.postern.cli.terminal.Failure;
import dev.postern.session.RecipientKey;
import dev.postern.session.RecipientPublicKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern backup`: sealed copies of a platform that stands still.
@Command(
        name = "backup",
        description = "Makes and restores sealed backups.",
        mixinStandardHelpOptions = true,
        subcommands = {
            BackupCommand.Keygen.class,
            BackupCommand.Create.class,
            BackupCommand.Contents.class,
            BackupCommand.Restore.class
        },
        footer = {
            "",
            "A backup is sealed to a public key. The private one is the security team's, and opens every backup:",
            "it belongs on no machine of the platform."
        })
final class BackupCommand {
    private static final JsonMapper JSON = new JsonMapper();

    private BackupCommand() {}

    private static PosternHome home() {
        return Surroundings.real(Upstream.SIMULATOR).settings().home();
    }

    private static void print(ObjectNode document) {
        System.out.println(document);
    }

    private static RecipientKey privateKey(String file) {
        return BackupKeys.privateKey(file, System.in);
    }

    /// `postern backup keygen`
    @Command(
            name = "keygen",
            description = "Makes the key pair of backups: the private half for the security team alone.",
            mixinStandardHelpOptions = true)
    static final class Keygen implements Callable<Integer> {
        @Parameters(paramLabel = "PRIVATE_KEY_FILE", description = "Where the private half is written (0600).")
        private Path privateKey = Path.of("");

        @Option(
                names = "--public-key",
                paramLabel = "FILE",
                description = "Where the public half is written (default: backup-key.pub in the platform's home).")
        private @Nullable Path publicKey;

        @Option(
                names = "--replace-public-key",
                description = "Later backups are for the new key; earlier ones need the old.")
        private boolean replacing;

        @Option(names = "--json", description = "Print one JSON document.")
        private boolean json;

        @Override
        public Integer call() {
            PosternHome home = home();
            Path publicFile = publicKey == null ? home.backupKey() : publicKey;
            RecipientPublicKey made = BackupKeys.generate(home, privateKey, publicFile, replacing);
            if (json) {
                print(JSON.createObjectNode()
                        .put("key", made.name())
                        .put("private_key_file", privateKey.toString())
                        .put("public_key_file", publicFile.toString()));
            } else {
                System.out.printf("key          %s%n", made.name());
                System.out.printf(
                        "private half %s   take it away from this machine, and keep two copies%n", privateKey);
                System.out.printf("public half  %s%n", publicFile);
            }
            return 0;
        }
    }

    /// `postern backup create`
    @Command(
            name = "create",
            description = "Seals everything that the stopped platform needs to run again.",
            mixinStandardHelpOptions = true)
    static final class Create implements Callable<Integer> {
        @Parameters(paramLabel = "FILE", description = "The backup, outside of the platform's home.")
        private Path file = Path.of("");

        @Option(
                names = "--public-key",
                paramLabel = "FILE",
                description = "For whom (default: backup-key.pub in the platform's home).")
        private @Nullable Path publicKey;

        @Option(names = "--json", description = "Print one JSON document.")
        private boolean json;

        @Override
        public Integer call() {
            Surroundings surroundings = Surroundings.real(Upstream.SIMULATOR);
            PosternHome home = surroundings.settings().home();
            RecipientPublicKey key = BackupKeys.publicKey(publicKey == null ? home.backupKey() : publicKey);
            BackupWriter.Made made = new BackupWriter(home, surroundings.clock()).write(key, file);
            if (json) {
                print(JSON.createObjectNode()
                        .put("file", made.file().toString())
                        .put("key", made.key())
                        .put("made_at", made.madeAt().toString())
                        .put("files", made.files())
                        .put("octets", made.octets())
                        .put("sha256", made.sha256()));
            } else {
                System.out.printf("backup   %s   %d files, %d octets%n", made.file(), made.files(), made.octets());
                System.out.printf("made at  %s%nfor key  %s%nsha256   %s%n", made.madeAt(), made.key(), made.sha256());
            }
            return 0;
        }
    }

    /// `postern backup list`
    @Command(
            name = "list",
            description =
                    "Lists the backups of a directory, by what they say of themselves; or the files of one backup.",
            footer = {"", "With the private key the whole of a backup is opened, and so verified."},
            mixinStandardHelpOptions = true)
    static final class Contents implements Callable<Integer> {
        @Parameters(paramLabel = "PATH", description = "A directory, or with --private-key a backup.")
        private Path path = Path.of("");

        @Option(
                names = "--private-key",
                paramLabel = "FILE",
                description = "The security team's key; - reads it from standard input.")
        private @Nullable String privateKey;

        @Option(names = "--json", description = "Print one JSON document.")
        private boolean json;

        @Override
        public Integer call() {
            if (privateKey != null) {
                entries(privateKey);
            } else if (Files.isDirectory(path)) {
                backups();
            } else {
                throw new Failure("Name a directory, or a backup and --private-key.");
            }
            return 0;
        }

        private void backups() {
            List<BackupReader.Listed> listed = BackupReader.list(path);
            ObjectNode document = JSON.createObjectNode();
            ArrayNode backups = document.putArray("backups");
            for (BackupReader.Listed backup : listed) {
                backups.addObject()
                        .put("file", backup.file().toString())
                        .put("key", backup.key())
                        .put("made_at", backup.madeAt().toString())
                        .put("octets", backup.octets());
                if (!json) {
                    System.out.printf(
                            "%-24s key %s %12d octets   %s%n",
                            backup.madeAt(), backup.key(), backup.octets(), backup.file());
                }
            }
            if (json) {
                print(document);
            }
        }

        private void entries(String keyFile) {
            try (RecipientKey key = privateKey(keyFile)) {
                ObjectNode document = JSON.createObjectNode().put("file", path.toString());
                ArrayNode files = document.putArray("files");
                for (BackupReader.Entry entry : BackupReader.entries(path, key)) {
                    files.addObject().put("name", entry.name()).put("octets", entry.octets());
                    if (!json) {
                        System.out.printf("%12d  %s%n", entry.octets(), entry.name());
                    }
                }
                if (json) {
                    print(document);
                }
            }
        }
    }

    /// `postern backup restore`
    @Command(
            name = "restore",
            description = "Puts a backup in the platform's home, whole or not at all.",
            mixinStandardHelpOptions = true)
    static final class Restore implements Callable<Integer> {
        @Parameters(paramLabel = "FILE", description = "The backup.")
        private Path file = Path.of("");

        @Option(
                names = "--private-key",
                required = true,
                paramLabel = "FILE",
                description = "The security team's key; - reads it from standard input.")
        private String privateKey = "";

        @Option(
                names = "--sha256",
                paramLabel = "HEX",
                description = "What create printed: refuses a backup that somebody else made.")
        private @Nullable String sha256;

        @Option(
                names = "--overwrite-existing-platform",
                description = "Replaces the platform that is there; what it holds is gone.")
        private boolean overwriting;

        @Option(names = "--json", description = "Print one JSON document.")
        private boolean json;

        @Override
        public Integer call() {
            try (RecipientKey key = privateKey(privateKey)) {
                Restoration.Restored restored =
                        new Restoration(home()).restore(file, key, Optional.ofNullable(sha256), overwriting);
                if (json) {
                    print(JSON.createObjectNode()
                            .put("files", restored.files())
                            .put("octets", restored.octets())
                            .put("made_at", restored.madeAt().toString()));
                } else {
                    System.out.printf(
                            "Restored %d files, %d octets, as of %s. Start with ./postern up.%n",
                            restored.files(), restored.octets(), restored.madeAt());
                    System.out.println("What was revoked or denied after that is good again: repeat it.");
                }
            }
            return 0;
        }
    }
}
