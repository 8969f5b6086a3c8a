package dev.postern.client;

import dev.postern.session.Suite;
import java.time.Instant;

/// A live session, for people and logs: nothing here is secret.
///
/// @param id as every hop sees it
/// @param epoch how often its keys were replaced
/// @param relayId the replica at the other end, as its key configuration names it
/// @param ends when it is replaced at the latest, by this machine's clock
public record SessionInfo(String id, Suite suite, int epoch, String relayId, Instant ends) {}
