package dev.postern.chassis.problem;

import dev.postern.identity.IdentityUnavailable;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/// The one place of a servlet service where a failure becomes an answer.
///
/// What we threw on purpose keeps its problem; what the framework refused keeps its status with our sentence; anything
/// else is a defect of ours: logged as an error, answered as `internal`.
@RestControllerAdvice
public final class ProblemMapper {
    private static final Logger log = LoggerFactory.getLogger(ProblemMapper.class);

    @ExceptionHandler
    ResponseEntity<Map<String, Object>> map(Exception failure) {
        return switch (failure) {
            case ProblemException refusal -> answer(refusal.problem(), refusal.headers(), refusal.errors());
            case HttpMessageNotReadableException unreadable -> answer(unreadable(unreadable), Map.of());
            case ProblemBearing bearing -> answer(bearing.problem(), Map.of());
            // The CA is kept elsewhere and cannot sign now.
            case IdentityUnavailable _ -> answer(Problem.UNAVAILABLE, Map.of());
            case TypeMismatchException _ -> answer(Problem.MALFORMED, Map.of());
            case ErrorResponse response ->
                answer(Problem.ofStatus(response.getStatusCode().value()), Map.of());
            default -> {
                log.error("unexpected failure", failure);
                yield answer(Problem.INTERNAL, Map.of());
            }
        };
    }

    /// A body over the limit surfaces inside the message converter's failure.
    private static Problem unreadable(HttpMessageNotReadableException failure) {
        return NestedExceptionUtils.getMostSpecificCause(failure) instanceof ProblemException refusal
                ? refusal.problem()
                : Problem.MALFORMED;
    }

    private static ResponseEntity<Map<String, Object>> answer(Problem problem, Map<String, String> headers) {
        return answer(problem, headers, List.of());
    }

    private static ResponseEntity<Map<String, Object>> answer(
            Problem problem, Map<String, String> headers, List<InvalidMember> errors) {
        ResponseEntity.BodyBuilder builder =
                ResponseEntity.status(problem.status()).contentType(MediaType.parseMediaType(Problem.MEDIA_TYPE));
        headers.forEach(builder::header);
        Map<String, Object> members = problem.members();
        if (!errors.isEmpty()) {
            members.put("errors", errors);
        }
        return builder.body(members);
    }
}
