package dev.postern.sts.admin;

import dev.postern.sts.approval.Approval;
import dev.postern.sts.document.Documents;
import java.util.LinkedHashMap;
import java.util.Map;

/// An approval as it goes over the wire.
final class ApprovalView {

    private ApprovalView() {}

    static Map<String, Object> of(Approval approval) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", approval.id());
        view.put("change", approval.kind());
        view.put("resource_id", approval.resourceId());
        view.put("state", approval.state().wireName());
        view.put("requested_by", approval.requester().actor());
        view.put("requested_at", approval.requestedAt().toString());
        view.put("expires_at", approval.expiresAt().toString());
        approval.decidedBy().ifPresent(decider -> view.put("decided_by", decider));
        approval.decidedAt().ifPresent(at -> view.put("decided_at", at.toString()));
        view.put("document", Documents.JSON.readTree(approval.document()));
        return view;
    }

    /// With what came of it.
    static Map<String, Object> of(Approval approval, Answer made) {
        Map<String, Object> view = of(approval);
        view.put("result", made.body());
        return view;
    }
}
