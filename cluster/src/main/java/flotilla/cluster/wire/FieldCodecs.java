package flotilla.cluster.wire;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;

/** Chooses the codec of a declared type. */
final class FieldCodecs {
    private final WireTypes types;
    private final ActorRefs actorRefs;

    FieldCodecs(WireTypes types, ActorRefs actorRefs) {
        this.types = types;
        this.actorRefs = actorRefs;
    }

    FieldCodec of(Type declared) {
        if (declared instanceof Class<?> type) {
            return ofClass(type);
        }
        if (declared instanceof ParameterizedType parameterized) {
            return ofParameterized((Class<?>) parameterized.getRawType(), parameterized.getActualTypeArguments());
        }
        if (declared instanceof WildcardType wildcard) {
            return of(wildcard.getUpperBounds()[0]);
        }
        if (declared instanceof TypeVariable<?> variable) {
            return of(variable.getBounds()[0]);
        }
        throw new IllegalArgumentException("no codec for " + declared.getTypeName());
    }

    private FieldCodec ofClass(Class<?> type) {
        FieldCodec scalar = Scalars.of(type);
        if (scalar != null) {
            return scalar;
        }
        if (type == ActorRef.class) {
            return actorRefs;
        }
        if (types.contains(type)) {
            return new Registered(type);
        }
        if (type.isInterface() || type == Object.class) {
            return new AnyRegistered();
        }
        throw new IllegalArgumentException(type.getName() + " is not in the table of wire types");
    }

    private FieldCodec ofParameterized(Class<?> raw, Type[] arguments) {
        if (raw == List.class) {
            return Containers.list(of(arguments[0]));
        }
        if (raw == Set.class) {
            return Containers.set(of(arguments[0]));
        }
        if (raw == Map.class) {
            return Containers.map(of(arguments[0]), of(arguments[1]));
        }
        if (raw == Optional.class) {
            return Containers.optional(of(arguments[0]));
        }
        return ofClass(raw);
    }

    /** The codec of a component of a registered class. The class is known, so its id is not written. */
    private record Registered(Class<?> type) implements FieldCodec {
        @Override
        public void write(Kryo kryo, Output output, Object value) {
            kryo.writeObject(output, value, kryo.getSerializer(type));
        }

        @Override
        public Object read(Kryo kryo, Input input) {
            return kryo.readObject(input, type);
        }
    }

    /** The codec of a component of an open type. The id of the value's class is written first. */
    private record AnyRegistered() implements FieldCodec {
        @Override
        public void write(Kryo kryo, Output output, Object value) {
            kryo.writeClassAndObject(output, value);
        }

        @Override
        public Object read(Kryo kryo, Input input) {
            Object value = kryo.readClassAndObject(input);
            if (value == null) {
                throw new KryoException("null where a value belongs");
            }
            return value;
        }
    }
}
