package flotilla.cluster.wire;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.util.Pool;
import java.io.NotSerializableException;
import org.apache.pekko.actor.ActorSystem;

/** Objects of the wire types to bytes and back. Safe for use by many threads. */
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

    public WireCodec(WireTypes types) {
        factory = new KryoFactory(types, actorRefs);
    }

    /** From now on references to actors can be written and read. */
    public void attach(ActorSystem system) {
        actorRefs.attach(system);
    }

    /** The bytes of {@code value}, its type included; fails with an unchecked exception when the type is not in the table. */
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

    /** What {@link #encode} was given. Whatever is wrong with the bytes, the failure is this one exception. */
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
