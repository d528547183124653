package flotilla.cluster.wire;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.util.DefaultClassResolver;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Makes Kryo instances that know the wire types and no other class. They share their serializers, which hold no state.
 */
final class KryoFactory {
    private static final int MAX_DEPTH = 32;

    private final SortedMap<Integer, Class<?>> types;
    private final Map<Integer, Serializer<?>> serializers = new HashMap<>();

    KryoFactory(WireTypes types, ActorRefs actorRefs) {
        this.types = new TreeMap<>(types.byId());
        FieldCodecs codecs = new FieldCodecs(types, actorRefs);
        types.byId()
                .forEach((id, type) -> serializers.put(
                        id,
                        type.isEnum()
                                ? new EnumNameSerializer(type)
                                : new TaggedRecordSerializer(new RecordShape(type, codecs))));
    }

    Kryo create() {
        Kryo kryo = new Kryo(new IdsOnly(), null);
        kryo.setRegistrationRequired(true);
        kryo.setReferences(false);
        kryo.setMaxDepth(MAX_DEPTH);
        kryo.register(String.class, new StringSerializer());
        types.forEach((id, type) -> kryo.register(type, serializers.get(id), id));
        return kryo;
    }

    /** Refuses input that names a class instead of giving its id. */
    private static final class IdsOnly extends DefaultClassResolver {
        @Override
        protected Registration readName(Input input) {
            throw new KryoException("a class is named in the input");
        }
    }

    private static final class StringSerializer extends Serializer<String> {
        StringSerializer() {
            super(false, true);
        }

        @Override
        public void write(Kryo kryo, Output output, String text) {
            Bounded.writeString(output, text);
        }

        @Override
        public String read(Kryo kryo, Input input, Class<? extends String> type) {
            return Bounded.readString(input);
        }
    }

    /**
     * Writes the constants of an enum by name. An unknown name fails the whole message, so that its meaning cannot
     * change.
     */
    private static final class EnumNameSerializer extends Serializer<Object> {
        private final Map<String, Object> constants = new HashMap<>();

        EnumNameSerializer(Class<?> type) {
            super(false, true);
            for (Object constant : type.getEnumConstants()) {
                constants.put(((Enum<?>) constant).name(), constant);
            }
        }

        @Override
        public void write(Kryo kryo, Output output, Object constant) {
            Bounded.writeString(output, ((Enum<?>) constant).name());
        }

        @Override
        public Object read(Kryo kryo, Input input, Class<? extends Object> type) {
            Object constant = constants.get(Bounded.readString(input));
            if (constant == null) {
                throw new KryoException("unknown constant of " + type.getName());
            }
            return constant;
        }
    }
}
