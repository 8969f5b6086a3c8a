package dev.postern.rotation.directory;

import dev.postern.audit.AuditUnavailable;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.rotation.ledger.CompromiseRefused;
import dev.postern.rotation.ledger.LedgerStandsBy;
import dev.postern.rotation.ledger.LedgerUnwritable;
import dev.postern.rotation.ledger.RegistrationRefused;
import dev.postern.rotation.ledger.RotationImpossible;

/// What the ledger refuses, as its callers are told.
public final class LedgerCalls {
    private static final Problem STANDS_BY =
            new Problem(503, "stands-by", "This replica does not lead: the load balancer knows the one that does.");
    private static final Problem KEY_ID_TAKEN =
            new Problem(409, "key-id-taken", "This key id is or was another key's: generate a new key.");
    private static final Problem TOO_MANY_KEYS = new Problem(
            429, "too-many-keys", "This instance, its service or the ledger has as many keys as it may: let some end.");
    private static final Problem LIVES_TOO_LONG = new Problem(
            403, "certificate-lives-too-long", "Certificates of services live for postern.ca.certificate-ttl at most.");
    private static final Problem NOTHING_ACTIVE =
            new Problem(409, "nothing-active", "No key of this class is active, so there is nothing to rotate.");
    private static final Problem NO_SPARE =
            new Problem(503, "no-spare", "Not every holder has a new active key in time: is the key's owner running?");
    private static final Problem NOTHING_TO_DENY = new Problem(
            409, "nothing-to-deny", "No such key is active, or it is compromised already: see GET /v1/keys.");
    private static final Problem TOO_MANY_MEANT = new Problem(
            400, "too-many-meant", "Name one certificate by its kid, or whose certificates by their owner.");

    private LedgerCalls() {}

    /// Something that asks the ledger.
    @FunctionalInterface
    public interface Call<T> {
        T ask() throws AuditUnavailable, InterruptedException;
    }

    /// Answers, or refuses as the wire tells it.
    ///
    /// @throws ProblemException for each of its refusals
    public static <T> T answer(Call<T> call) {
        try {
            return call.ask();
        } catch (RegistrationRefused refused) {
            throw new ProblemException(
                    switch (refused.reason()) {
                        case KEY_ID_TAKEN -> KEY_ID_TAKEN;
                        case TOO_MANY_KEYS -> TOO_MANY_KEYS;
                        case LIVES_TOO_LONG -> LIVES_TOO_LONG;
                    });
        } catch (RotationImpossible impossible) {
            throw new ProblemException(
                    switch (impossible.reason()) {
                        case NOTHING_ACTIVE -> NOTHING_ACTIVE;
                        case NO_SPARE -> NO_SPARE;
                    });
        } catch (CompromiseRefused refused) {
            throw new ProblemException(
                    switch (refused.reason()) {
                        case NOTHING_TO_DENY -> NOTHING_TO_DENY;
                        case TOO_MANY_MEANT -> TOO_MANY_MEANT;
                    });
        } catch (LedgerStandsBy _) {
            throw new ProblemException(STANDS_BY);
        } catch (AuditUnavailable _) {
            throw new ProblemException(Problem.AUDIT_UNAVAILABLE);
        } catch (LedgerUnwritable _) {
            throw new ProblemException(Problem.UNAVAILABLE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new ProblemException(Problem.UNAVAILABLE);
        }
    }
}
