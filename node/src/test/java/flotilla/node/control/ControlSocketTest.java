package flotilla.node.control;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.node.control.ListenerRig.Client;
import flotilla.node.protocol.Reply;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The timers of a control connection's socket, with a clock that the test moves. */
class ControlSocketTest {
    private final ListenerRig rig = new ListenerRig();

    @AfterEach
    void close() {
        rig.close();
    }

    /** A client with a closed window: no write completes. */
    private static final class NobodyReads extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            ReferenceCountUtil.release(message);
        }
    }

    @Test
    void aClientThatDoesNotReadItsLastReplyIsCutOffByTheWriteTimeout() {
        Client client = rig.connect(new NobodyReads());
        client.socket.closeWith(Reply.of(221, "Goodbye."), "client quit");
        assertTrue(client.isOpen());
        long now = System.nanoTime();
        client.socket.checkTimeouts(now);
        assertTrue(client.isOpen());
        client.socket.checkTimeouts(now + ListenerRig.WRITE_TIMEOUT.toNanos());
        assertTrue(client.isOpen());
        client.socket.checkTimeouts(now + ListenerRig.WRITE_TIMEOUT.toNanos() + 1);
        assertFalse(client.isOpen());
    }

    @Test
    void aConnectionThatIsToEndAfterItsTransferStaysWhenThatIsTakenBack() {
        Client goes = rig.connect();
        goes.transferring(true);
        rig.listener().endQuiet(Duration.ZERO, true);
        goes.transferring(false);
        assertFalse(goes.isOpen());
        Client stays = rig.connect();
        stays.transferring(true);
        rig.listener().endQuiet(Duration.ZERO, true);
        assertTrue(stays.isOpen());
        rig.listener().stay();
        stays.transferring(false);
        assertTrue(stays.isOpen());
    }
}
