package dev.postern.cli;

import picocli.CommandLine.Command;

/// `postern audit`: groups what can be done with the audit log.
@Command(
        name = "audit",
        description = "Works with the audit log.",
        mixinStandardHelpOptions = true,
        subcommands = {
            AuditVerifyCommand.class,
            AuditExportCommand.class,
            AuditInvestigateCommand.class,
            AuditHoldCommand.class,
            AuditWitnessCommand.class,
            AuditOpenCommands.Custodians.class,
            AuditOpenCommands.Captures.class,
            AuditOpenCommands.Open.class,
            AuditOpenCommands.Openings.class,
            AuditOpenCommands.Approve.class,
            AuditOpenCommands.Refuse.class
        })
final class AuditCommand {}
