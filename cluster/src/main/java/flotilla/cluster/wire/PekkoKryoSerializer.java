package flotilla.cluster.wire;

import java.io.NotSerializableException;
import java.util.List;
import org.apache.pekko.serialization.SerializationSetup;
import org.apache.pekko.serialization.SerializerDetails;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * Serializes every {@link Wire} message of Pekko. Pekko drops a message that cannot be read, and the connection stays.
 */
public final class PekkoKryoSerializer extends SerializerWithStringManifest {
    private static final int IDENTIFIER = 77_701;
    private static final String MANIFEST = "w";

    private final WireCodec codec;

    private PekkoKryoSerializer(WireCodec codec) {
        this.codec = codec;
    }

    /** Makes an actor system use {@code codec} for wire messages, and attaches the system to the codec. */
    public static SerializationSetup setup(WireCodec codec) {
        return SerializationSetup.create(system -> {
            codec.attach(system);
            return List.of(
                    SerializerDetails.create("flotilla-kryo", new PekkoKryoSerializer(codec), List.of(Wire.class)));
        });
    }

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public String manifest(Object message) {
        return MANIFEST;
    }

    @Override
    public byte[] toBinary(Object message) {
        return codec.encode(message);
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
        if (!manifest.equals(MANIFEST)) {
            throw new NotSerializableException("unknown manifest");
        }
        return codec.decode(bytes);
    }
}
