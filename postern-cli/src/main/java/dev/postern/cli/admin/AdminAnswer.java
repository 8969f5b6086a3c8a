package dev.postern.cli.admin;

import tools.jackson.databind.JsonNode;

/// What the admin API answered to a call that it accepted.
///
/// @param etag the version of what was read or written, as it stands in the header; empty when there is none
public record AdminAnswer(int status, JsonNode body, String etag) {
    private static final int ACCEPTED = 202;

    /// The version as a number, 0 when there is none. That of a role or budget is the version of the policy that it is
    /// part of.
    public long version() {
        String number = etag.replace("\"", "");
        return number.matches("[0-9]{1,18}")
                ? Long.parseLong(number)
                : body.path("version").asLong(0);
    }

    /// True when nothing has changed yet, because somebody else must approve it.
    public boolean waitsForApproval() {
        return status == ACCEPTED;
    }
}
