package flotilla.cluster.wire;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Codecs of List, Set, Map and Optional. Containers that were read are unmodifiable and keep their order. */
final class Containers {
    private Containers() {}

    static FieldCodec list(FieldCodec element) {
        return new OfCollection(element, false);
    }

    static FieldCodec set(FieldCodec element) {
        return new OfCollection(element, true);
    }

    static FieldCodec map(FieldCodec key, FieldCodec value) {
        return new OfMap(key, value);
    }

    static FieldCodec optional(FieldCodec element) {
        return new OfOptional(element);
    }

    private record OfCollection(FieldCodec element, boolean distinct) implements FieldCodec {
        @Override
        public void write(Kryo kryo, Output output, Object value) {
            Collection<?> elements = (Collection<?>) value;
            output.writeVarInt(elements.size(), true);
            for (Object each : elements) {
                element.write(kryo, output, each);
            }
        }

        @Override
        public Object read(Kryo kryo, Input input) {
            int size = Bounded.readLength(input);
            Collection<Object> elements = distinct ? new LinkedHashSet<>() : new ArrayList<>(Math.min(size, 16));
            for (int i = 0; i < size; i++) {
                elements.add(element.read(kryo, input));
            }
            return distinct
                    ? Collections.unmodifiableSet((Set<Object>) elements)
                    : Collections.unmodifiableList((List<Object>) elements);
        }

        @Override
        public Object absent() {
            return distinct ? Set.of() : List.of();
        }
    }

    private record OfMap(FieldCodec key, FieldCodec value) implements FieldCodec {
        @Override
        public void write(Kryo kryo, Output output, Object map) {
            Map<?, ?> entries = (Map<?, ?>) map;
            output.writeVarInt(entries.size(), true);
            entries.forEach((k, v) -> {
                key.write(kryo, output, k);
                value.write(kryo, output, v);
            });
        }

        @Override
        public Object read(Kryo kryo, Input input) {
            int size = Bounded.readLength(input);
            Map<Object, Object> entries = new LinkedHashMap<>();
            for (int i = 0; i < size; i++) {
                entries.put(key.read(kryo, input), value.read(kryo, input));
            }
            return Collections.unmodifiableMap(entries);
        }

        @Override
        public Object absent() {
            return Map.of();
        }
    }

    private record OfOptional(FieldCodec element) implements FieldCodec {
        @Override
        public void write(Kryo kryo, Output output, Object value) {
            Optional<?> optional = (Optional<?>) value;
            output.writeBoolean(optional.isPresent());
            optional.ifPresent(present -> element.write(kryo, output, present));
        }

        @Override
        public Object read(Kryo kryo, Input input) {
            return input.readBoolean() ? Optional.of(element.read(kryo, input)) : Optional.empty();
        }

        @Override
        public Object absent() {
            return Optional.empty();
        }
    }
}
