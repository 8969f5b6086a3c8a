package dev.postern.gateway.sealed;

import dev.postern.gateway.access.Caller;
import dev.postern.gateway.problem.Failure;
import dev.postern.gateway.problem.Refused;
import dev.postern.gateway.relay.RelayDirectory;
import dev.postern.gateway.relay.RelayOffer;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `GET /ssp1/key-config`: the signed key configs of the relays that can be reached, as they are. The client verifies
/// them itself: the gateway is not who it trusts.
final class KeyConfigHandler implements WebHandler {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final RelayDirectory relays;

    KeyConfigHandler(RelayDirectory relays) {
        this.relays = relays;
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange) {
        var _ = Caller.require(exchange);
        if (!HttpMethod.GET.equals(exchange.getRequest().getMethod())) {
            return Mono.error(new Refused(Failure.METHOD_NOT_ALLOWED));
        }
        return relays.offers()
                .onErrorMap(_ -> new Refused(Failure.RELAY_UNAVAILABLE))
                .flatMap(offers -> write(exchange.getResponse(), offers));
    }

    private static Mono<Void> write(ServerHttpResponse response, List<RelayOffer> offers) {
        ObjectNode document = JSON.createObjectNode();
        ArrayNode relays = document.putArray("relays");
        offers.forEach(
                offer -> relays.addObject().put("key_config", offer.signed()).put("challenge", offer.challenge()));
        byte[] body = JSON.writeValueAsBytes(document);
        HttpHeaders headers = response.getHeaders();
        headers.setContentType(MediaType.APPLICATION_JSON);
        headers.setContentLength(body.length);
        headers.setCacheControl("no-store");
        return response.writeWith(
                Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
    }
}
