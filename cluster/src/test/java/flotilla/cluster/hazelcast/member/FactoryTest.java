package flotilla.cluster.hazelcast.member;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.config.SerializationConfig;
import com.hazelcast.config.SerializerConfig;
import com.hazelcast.internal.serialization.Data;
import com.hazelcast.internal.serialization.InternalSerializationService;
import com.hazelcast.internal.serialization.impl.DefaultSerializationServiceBuilder;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import flotilla.cluster.hazelcast.RecordTable;
import flotilla.cluster.hazelcast.entry.Factory;
import flotilla.cluster.hazelcast.entry.HolderProcessors;
import flotilla.cluster.hazelcast.entry.Holders;
import flotilla.cluster.hazelcast.entry.Reclaim;
import flotilla.cluster.hazelcast.entry.Stored;
import flotilla.cluster.protection.Seal;
import flotilla.cluster.wire.WireCodec;
import flotilla.cluster.wire.WireTypes;
import java.util.AbstractMap.SimpleEntry;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FactoryTest {
    private final InternalSerializationService service = new DefaultSerializationServiceBuilder()
            .setConfig(withRecords(new SerializationConfig().addDataSerializableFactory(Stored.FACTORY, new Factory())))
            .build();

    private static SerializationConfig withRecords(SerializationConfig config) {
        WireCodec codec = new WireCodec(WireTypes.of(RecordTable.types(), Map.of()));
        MemberConfig.RECORDS.forEach((id, type) -> config.addSerializerConfig(new SerializerConfig()
                .setTypeClass(type)
                .setImplementation(new RecordSerializer<>(type, id, codec, Seal.NONE))));
        return config;
    }

    @Test
    void everyStoredTypeIsMadeUnderItsIdAndSurvivesTheRoundTrip() {
        for (int id : Factory.ids()) {
            IdentifiedDataSerializable made = new Factory().create(id);
            assertEquals(id, made.getClassId());
            Data data = service.toData(made);
            assertEquals(made.getClass(), service.toObject(data).getClass());
        }
    }

    @Test
    void aReadProcessorDoesWhatTheWrittenOneDid() {
        UUID member = UUID.randomUUID();
        Map.Entry<String, Holders> entry = new SimpleEntry<>("key", copy(new Holders()));
        assertTrue(copy(new HolderProcessors.Acquire("h", member, 1, Set.of())).process(entry));
        assertTrue(copy(entry.getValue()).holds("h"));
        assertEquals(1, copy(new HolderProcessors.Count()).process(entry));
        assertEquals(1, copy(new Reclaim<Holders>(member)).process(entry));
    }

    private <T> T copy(T value) {
        return service.toObject(service.toData(value));
    }
}
