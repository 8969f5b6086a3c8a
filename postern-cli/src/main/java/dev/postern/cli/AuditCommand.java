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
            AuditReindexCommand.class,
            AuditInvestigateCommand.class,
            AuditHoldCommand.class,
            AuditWitnessCommand.class,
            AuditCustodianCommand.class,
            AuditCapturesCommand.class,
            AuditOpenCommand.class,
            AuditOpeningsCommand.class,
            AuditDecisionsCommand.class,
            AuditDecideCommands.Approve.class,
            AuditDecideCommands.Refuse.class
        })
final class AuditCommand {}
