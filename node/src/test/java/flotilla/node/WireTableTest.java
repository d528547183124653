package flotilla.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.hazelcast.RecordTable;
import flotilla.cluster.wire.Tag;
import flotilla.cluster.wire.WireCodec;
import flotilla.cluster.wire.WireTypes;
import flotilla.node.state.ResumableSession;
import flotilla.node.state.Security.TlsFacts;
import flotilla.node.transfer.TransferOrder.Protection;
import flotilla.node.transfer.TransferOrder.SessionReuse;
import java.io.IOException;
import java.io.InputStream;
import java.io.NotSerializableException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Nodes of two releases talk to each other, so an id keeps its class, and a tag its component, for good. */
class WireTableTest {
    @Test
    void anIdKeepsItsClassAndATagItsComponent() throws IOException {
        String table = WireTypes.of(RecordTable.types(), WireTable.types()).byId().entrySet().stream()
                .map(each -> each.getKey() + " " + form(each.getValue()) + "\n")
                .collect(Collectors.joining());
        assertEquals(
                frozen(), table, "lines of wire-ids.txt and tags in them may be added, never changed or taken away");
    }

    @Test
    void theTlsSessionOfAClientWithoutTicketsTravels() throws NotSerializableException {
        WireCodec codec = new WireCodec(WireTypes.of(RecordTable.types(), WireTable.types()));
        ResumableSession session = new ResumableSession(new byte[] {1, 2}, new byte[] {3, 4}, 0xC02B, true, "", -5);
        Protection protection =
                new Protection(true, "c", SessionReuse.REQUIRE, "", false, Optional.of(session), "demo");
        assertEquals(protection, codec.decode(codec.encode(protection)));
        TlsFacts none = TlsFacts.NONE;
        assertEquals(none, codec.decode(codec.encode(none)));
        assertEquals(none.with(Optional.of(session)), codec.decode(codec.encode(none.with(Optional.of(session)))));
    }

    @Test
    void aTlsSessionIsNotShown() {
        ResumableSession session = new ResumableSession(new byte[] {1, 2}, new byte[] {3, 4}, 0xC02B, true, "", 5);
        Protection protection =
                new Protection(true, "c", SessionReuse.REQUIRE, "", false, Optional.of(session), "demo");
        assertTrue(protection.toString().contains("Optional[ResumableSession[***]]"), protection.toString());
        assertTrue(TlsFacts.NONE.with(Optional.of(session)).toString().contains("ResumableSession[***]"));
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
