package dev.postern.auditing.archive;

import dev.postern.archive.OpeningDecision;
import dev.postern.archive.OpeningRequest;
import dev.postern.auditing.archive.OpeningDocuments.Ask;
import dev.postern.auditing.archive.OpeningDocuments.Decide;
import dev.postern.auditing.archive.OpeningDocuments.Detail;
import dev.postern.auditing.archive.OpeningDocuments.Released;
import dev.postern.auditing.archive.OpeningDocuments.SealedShare;
import dev.postern.auditing.archive.OpeningDocuments.Summary;
import dev.postern.chassis.person.Person;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.session.RecipientPublicKey;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// `/v1/openings`: ask for captured bodies, decide, and fetch them once two custodians approved.
@RestController
final class OpeningsController {
    /// A hundred shares and their names are a quarter of it.
    private static final int LONGEST_BODY = 1 << 20;
    /// A share is 32 octets, sealed to X-Wing: twice of what that makes.
    private static final int LONGEST_SHARE = 4096;

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Openings openings;
    private final CapturedBodies bodies;
    private final ArchiveAccess access;

    OpeningsController(Openings openings, CapturedBodies bodies, ArchiveAccess access) {
        this.openings = openings;
        this.bodies = bodies;
        this.access = access;
    }

    @PostMapping("/v1/openings")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Summary ask(HttpServletRequest request) {
        return access.admit(request, "archive.ask", person -> {
            var _ = openings.custodians();
            Ask ask = read(request, Ask.class);
            if (!OpeningRequest.isReason(ask.reason())
                    || RecipientPublicKey.parse(ask.recipient()).isEmpty()) {
                throw new ProblemException(Problem.MALFORMED);
            }
            CapturedBodies.Content content = content(ask.events());
            return Summary.of(openings.ask(
                    new OpeningRequest(
                            person.actor(), ask.reason(), ask.recipient(), content.entries(), content.bodies()),
                    content.captures().stream()
                            .map(found -> found.capture().name().captureId())
                            .collect(Collectors.toUnmodifiableSet()),
                    person));
        });
    }

    @GetMapping("/v1/openings")
    List<Summary> all(HttpServletRequest request) {
        return access.admit(
                request,
                "archive.list",
                _ -> openings.all().stream().map(Summary::of).toList());
    }

    @GetMapping("/v1/openings/{id}")
    Detail one(HttpServletRequest request, @PathVariable String id) {
        return access.admit(request, "archive.list", _ -> {
            Opening opening = openings.one(id);
            return Detail.of(opening, unchanged(opening));
        });
    }

    @PostMapping("/v1/openings/{id}/decisions")
    Summary decide(HttpServletRequest request, @PathVariable String id) {
        return access.admit(request, "archive.decide", person -> {
            Decide decide = read(request, Decide.class);
            return Summary.of(openings.decide(id, decision(decide, person)));
        });
    }

    private static Opening.Decision decision(Decide decide, Person person) {
        OpeningDecision.Kind kind = switch (decide.kind()) {
            case "approved" -> OpeningDecision.Kind.APPROVED;
            case "refused" -> OpeningDecision.Kind.REFUSED;
            default -> throw new ProblemException(Problem.MALFORMED);
        };
        Map<String, String> shares = new HashMap<>();
        for (SealedShare share : decide.shares()) {
            if (share.sealed().length() > LONGEST_SHARE || shares.put(share.capture(), share.sealed()) != null) {
                throw new ProblemException(Problem.MALFORMED);
            }
            var _ = octets(share.sealed());
        }
        String signature = Base64.getUrlEncoder().withoutPadding().encodeToString(octets(decide.signature()));
        return new Opening.Decision(decide.custodian(), person, kind, Map.copyOf(shares), signature);
    }

    @PostMapping("/v1/openings/{id}/release")
    Released release(HttpServletRequest request, @PathVariable String id) {
        return access.admit(request, "archive.release", person -> {
            Opening opening = openings.releasable(id, person);
            CapturedBodies.Content content = unchanged(opening);
            openings.release(id, person);
            return Released.of(opening, content);
        });
    }

    /// What was asked for, as it was when it was asked for.
    private CapturedBodies.Content unchanged(Opening opening) {
        CapturedBodies.Content content = content(opening.events());
        OpeningRequest asked = opening.request();
        OpeningRequest now = new OpeningRequest(
                asked.requester(), asked.reason(), asked.recipient(), content.entries(), content.bodies());
        if (!now.digest().equals(opening.digest())) {
            throw new ProblemException(ArchiveProblems.LOG_CHANGED);
        }
        return content;
    }

    private CapturedBodies.Content content(List<CapturedBodies.EventName> events) {
        try {
            return bodies.read(events);
        } catch (IOException _) {
            throw new ProblemException(Problem.UNAVAILABLE);
        }
    }

    private static <T> T read(HttpServletRequest request, Class<T> form) {
        try {
            byte[] body = request.getInputStream().readNBytes(LONGEST_BODY + 1);
            if (body.length > LONGEST_BODY) {
                throw new ProblemException(Problem.TOO_LARGE);
            }
            T document = JSON.readValue(body, form);
            // What `null` is read as.
            if (document == null) {
                throw new ProblemException(Problem.MALFORMED);
            }
            return document;
        } catch (IOException | JacksonException _) {
            throw new ProblemException(Problem.MALFORMED);
        }
    }

    private static byte[] octets(String base64) {
        try {
            return Base64.getUrlDecoder().decode(base64);
        } catch (IllegalArgumentException _) {
            throw new ProblemException(Problem.MALFORMED);
        }
    }
}
