package flotilla.cluster.wire;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.util.Pool;
import java.io.NotSerializableException;
import org.apache.pekko.actor.ActorSystem;

/** Encodes and decodes objects of the wire types. Safe for use by many threads. */
public final class WireCodec {
    private static final int MAX_BYTES = 16 << 20;
    private static final int KEPT_BUFFER = 64 << 10;

    private final ActorRefs actorRefs = new ActorRefs();
    private final KryoFactory factory;
    private final Pool<Kryo> kryos = new Pool<>(true, false, 16) {
        @Override
        protected Kryo create() {
            return factory.create();
        }
    };
    private final Pool<Output> outputs = new Pool<>(true, false, 16) {
        @Override
        protected Output create() {
            return new Output(512, MAX_BYTES);
        }
    };

    /** A codec for {@code types}. */
    public WireCodec(WireTypes types) {
        factory = new KryoFactory(types, actorRefs);
    }

    /** Lets the codec write and read references to actors from now on. */
    public void attach(ActorSystem system) {
        actorRefs.attach(system);
    }

    /**
     * Encodes a value together with its type, in at most 16 MiB.
     *
     * @throws RuntimeException when the type is not in the table, or the value is too large
     */
    public byte[] encode(Object value) {
        Kryo kryo = kryos.obtain();
        Output output = outputs.obtain();
        try {
            kryo.writeClassAndObject(output, value);
            return output.toBytes();
        } finally {
            kryos.free(kryo);
            if (output.getBuffer().length <= KEPT_BUFFER) {
                output.reset();
                outputs.free(output);
            }
        }
    }

    /**
     * Decodes a value.
     *
     * @throws NotSerializableException whatever is wrong with the bytes
     */
    public Object decode(byte[] bytes) throws NotSerializableException {
        Kryo kryo = kryos.obtain();
        try {
            Input input = new Input(bytes);
            Object value = kryo.readClassAndObject(input);
            if (value == null || input.position() != bytes.length) {
                throw new KryoException("null, or bytes left over");
            }
            return value;
        } catch (RuntimeException e) {
            NotSerializableException refused =
                    new NotSerializableException(e.getClass().getSimpleName());
            refused.initCause(e);
            throw refused;
        } finally {
            kryos.free(kryo);
        }
    }
}
