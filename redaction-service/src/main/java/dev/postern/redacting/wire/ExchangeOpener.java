package dev.postern.redacting.wire;

import dev.postern.redacting.engine.ExchangeRefused;
import dev.postern.redacting.engine.OpenExchange;
import dev.postern.redacting.prompt.Prompt;

/// Redacts a prompt and keeps what its answer needs.
@FunctionalInterface
interface ExchangeOpener {
    OpenExchange open(Prompt prompt) throws ExchangeRefused;
}
