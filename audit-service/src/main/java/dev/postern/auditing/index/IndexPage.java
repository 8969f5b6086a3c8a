package dev.postern.auditing.index;

import dev.postern.auditing.shard.Position;
import java.util.List;
import java.util.Optional;

/// Places of events, newest first.
///
/// @param places  at most as many as were asked for, and fewer when the search was long
/// @param next    search before this place for more; none when everything was searched
public record IndexPage(List<Position> places, Optional<Position> next) {
    public IndexPage {
        places = List.copyOf(places);
    }
}
