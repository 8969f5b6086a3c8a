package dev.postern.cli.admin.command;

import dev.postern.cli.admin.AdminAnswer;
import dev.postern.cli.admin.AdminClient;
import dev.postern.cli.terminal.ExitCode;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// `postern admin`: who may do what, as the security team. Groups one command per noun and says as whom they run.
@Command(
        name = "admin",
        description = "Clients, scopes, roles, policies, issuers, budgets, revocations, sessions, approvals.",
        mixinStandardHelpOptions = true,
        subcommands = {
            ClientsCommand.class,
            ScopesCommand.class,
            RolesCommand.class,
            PoliciesCommand.class,
            WhyCommand.class,
            IssuersCommand.class,
            BudgetsCommand.class,
            RevokeCommand.class,
            RevocationsCommand.class,
            SessionsCommand.class,
            ApprovalsCommand.class,
            WhoAmICommand.class
        },
        footer = {
            "",
            "A change without --if-match reads the current version first and is refused when somebody else writes in",
            "between. Ends with 0 done, 1 failed, 2 wrong usage, 4 no such thing, 5 not permitted, 6 changed by",
            "somebody else, 7 refused as it stands, 8 waits for a second approver."
        })
public final class AdminCommand {
    private final Connector connector;

    @Option(
            names = "--as",
            paramLabel = "CLIENT",
            defaultValue = "security",
            scope = ScopeType.INHERIT,
            description = "The client under clients/ that asks (default: ${DEFAULT-VALUE}).")
    private String client = "";

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print one JSON document and no table.")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    /// Opens the admin API as a client.
    public interface Connector {
        AdminClient connect(String client);
    }

    /// What a command does with the API.
    interface Work {
        Shown with(AdminClient client) throws InterruptedException;
    }

    /// What a change does with the API.
    interface Change {
        AdminAnswer with(AdminClient client) throws InterruptedException;
    }

    public AdminCommand(Connector connector) {
        this.connector = connector;
    }

    /// Works, shows the result, and returns the command's end.
    int show(Work work) throws InterruptedException {
        try (AdminClient api = connector.connect(client)) {
            Shown shown = work.with(api);
            PrintWriter out = out();
            out.println(json ? shown.document().toString() : shown.text());
            out.flush();
            return shown.code().code();
        }
    }

    /// Makes a change and says in one sentence that it is made, or that it waits for somebody.
    int change(String done, Change change) throws InterruptedException {
        return show(api -> {
            AdminAnswer answer = change.with(api);
            if (answer.waitsForApproval()) {
                String id = answer.body().path("id").asString("");
                return new Shown(
                        answer.body(),
                        "Nothing has changed yet: somebody else must run ./postern admin approvals approve " + id + ".",
                        ExitCode.WAITS_FOR_APPROVAL);
            }
            return Shown.of(answer.body(), done);
        });
    }

    private PrintWriter out() {
        if (spec == null) {
            throw new IllegalStateException("picocli sets the specification");
        }
        return spec.commandLine().getOut();
    }
}
