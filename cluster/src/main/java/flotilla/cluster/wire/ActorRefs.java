package flotilla.cluster.wire;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.jspecify.annotations.Nullable;

/** Writes references to actors as paths with the address. An actor system must be attached first. */
final class ActorRefs implements FieldCodec {
    private volatile @Nullable ActorSystem system;

    void attach(ActorSystem attached) {
        system = attached;
    }

    @Override
    public void write(Kryo kryo, Output output, Object value) {
        Bounded.writeString(output, resolver().toSerializationFormat((ActorRef<?>) value));
    }

    @Override
    public Object read(Kryo kryo, Input input) {
        return resolver().resolveActorRef(Bounded.readString(input));
    }

    private ActorRefResolver resolver() {
        ActorSystem attached = system;
        if (attached == null) {
            throw new KryoException("no actor system");
        }
        return ActorRefResolver.get(Adapter.toTyped(attached));
    }
}
