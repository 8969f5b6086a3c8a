package dev.postern.auditing.sequence;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PlacesTest {

    @Test
    void everyKeyKeepsItsPlaceWhileTheTableGrows() {
        Places places = new Places();
        for (int i = 0; i < 10_000; i++) {
            places.put(EventKey.of("source", "id-" + i), i);
        }
        for (int i = 0; i < 10_000; i++) {
            assertThat(places.find(EventKey.of("source", "id-" + i))).hasValue(i);
        }
        assertThat(places.find(EventKey.of("source", "other"))).isEmpty();
        assertThat(places.find(new EventKey(0, 0))).isEmpty();
    }

    @Test
    void keysThatShareASlotStayApartAndTheLastPlaceStands() {
        Places places = new Places();
        places.put(new EventKey(1, 63), 1);
        places.put(new EventKey(2, 63), 2);
        places.put(new EventKey(1, 63), 3);
        assertThat(places.find(new EventKey(1, 63))).hasValue(3);
        assertThat(places.find(new EventKey(2, 63))).hasValue(2);
        assertThat(places.find(new EventKey(3, 63))).isEmpty();
    }
}
