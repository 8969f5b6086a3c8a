package dev.postern.sts.admin;

import tools.jackson.databind.JsonNode;

/// A change of the platform's rules, in a form that can wait for a second person.
///
/// @param kind what is to be done, for example `client-put`
/// @param expected the version it was decided on; [Preconditions#ABSENT] to create
/// @param document as the caller sent it; an empty object for a removal
record Change(String kind, String resourceId, long expected, JsonNode document) {}
