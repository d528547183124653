package flotilla.cluster.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.NotSerializableException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests that two releases read each other's records although these differ in their components. */
class WireEvolutionTest {
    enum Colour {
        RED,
        GREEN
    }

    enum MoreColours {
        RED,
        GREEN,
        BLUE
    }

    record Extra(@Tag(1) String what) {}

    record Old(@Tag(1) String name, @Tag(3) int size) {}

    record New(
            @Tag(1) String name,
            @Tag(2) Extra extra,
            @Tag(3) int size,
            @Tag(4) @Nullable String comment,
            @Tag(5) long bytes,
            @Tag(6) boolean hidden,
            @Tag(7) List<String> list,
            @Tag(8) Set<Colour> colours,
            @Tag(9) Map<String, Integer> map,
            @Tag(10) Optional<String> option,
            @Tag(11) @Nullable Integer boxed) {}

    private static final WireCodec OLD = codec(Map.of(200, Old.class));
    private static final WireCodec NEW = codec(Map.of(200, New.class, 201, Extra.class, 202, Colour.class));

    private static WireCodec codec(Map<Integer, Class<?>> types) {
        return new WireCodec(WireTypes.of(Map.of(), types));
    }

    @Test
    void newCodeGivesDefaultsToWhatOldCodeDidNotWrite() throws NotSerializableException {
        New read = (New) NEW.decode(OLD.encode(new Old("a", 7)));
        assertEquals("a", read.name());
        assertEquals(7, read.size());
        assertNull(read.comment());
        assertNull(read.boxed());
        assertEquals(0, read.bytes());
        assertEquals(List.of(), read.list());
        assertEquals(Set.of(), read.colours());
        assertEquals(Map.of(), read.map());
        assertEquals(Optional.empty(), read.option());
    }

    @Test
    void oldCodeSkipsWhatItDoesNotKnow() throws NotSerializableException {
        assertEquals(new Old("a", 7), OLD.decode(NEW.encode(full())));
    }

    @Test
    void everyComponentSurvivesTheRoundTrip() throws NotSerializableException {
        assertEquals(full(), NEW.decode(NEW.encode(full())));
    }

    @Test
    void aConstantThatIsNotKnownFailsTheMessage() {
        WireCodec newer = codec(Map.of(202, MoreColours.class));
        WireCodec older = codec(Map.of(202, Colour.class));
        assertThrows(NotSerializableException.class, () -> older.decode(newer.encode(MoreColours.BLUE)));
    }

    @Test
    void componentsOfMoreThanOneHundredBytesAreWrittenWhole() throws NotSerializableException {
        for (int length : new int[] {126, 127, 128, 129, 16_383, 16_384, 100_000}) {
            Old value = new Old("x".repeat(length), 3);
            assertEquals(value, OLD.decode(OLD.encode(value)));
        }
    }

    private static New full() {
        return new New(
                "a",
                new Extra("e"),
                7,
                "c",
                -5,
                true,
                List.of("x", "y"),
                Set.of(Colour.GREEN),
                Map.of("k", 1),
                Optional.of("o"),
                -9);
    }
}
