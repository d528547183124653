package flotilla.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import flotilla.cluster.wire.Tag;
import flotilla.cluster.wire.WireTypes;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Nodes of two releases talk to each other: an id keeps its class, and a tag its component, for good. */
class WireTableTest {
    @Test
    void anIdKeepsItsClassAndATagItsComponent() throws IOException {
        String table = WireTypes.with(WireTable.types()).byId().entrySet().stream()
                .map(each -> each.getKey() + " " + form(each.getValue()) + "\n")
                .collect(Collectors.joining());
        assertEquals(
                frozen(), table, "lines of wire-ids.txt and tags in them may be added, never changed or taken away");
    }

    private static String form(Class<?> type) {
        String parts = type.isEnum()
                ? Arrays.stream(type.getEnumConstants()).map(Object::toString).collect(Collectors.joining(" "))
                : Arrays.stream(type.getRecordComponents())
                        .sorted(Comparator.comparing(WireTableTest::tag))
                        .map(component -> tag(component) + ":" + component.getName() + ":"
                                + component.getType().getSimpleName())
                        .collect(Collectors.joining(" "));
        return (type.getName() + " " + parts).strip();
    }

    private static int tag(RecordComponent component) {
        return component.getAnnotation(Tag.class).value();
    }

    private static String frozen() throws IOException {
        try (InputStream table =
                Objects.requireNonNull(WireTableTest.class.getResourceAsStream("/wire-ids.txt"), "wire-ids.txt")) {
            return new String(table.readAllBytes(), UTF_8);
        }
    }
}
