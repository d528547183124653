package flotilla.node;

import flotilla.node.message.ControlMessage;
import flotilla.node.message.DataMessage;
import flotilla.node.message.SessionMessage;
import flotilla.node.protocol.Facts;
import flotilla.node.session.SavedSession;
import flotilla.node.session.SavedTransfer;
import flotilla.node.session.Session;
import flotilla.node.state.Link;
import flotilla.node.state.Security;
import flotilla.node.transfer.Transfer;
import flotilla.node.transfer.TransferOrder;
import flotilla.node.transfer.TransferResult;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The ids under which this module's records travel and are stored. Append only: an id is never given to another class. */
public final class WireTable {
    private static final int FIRST = 200;

    private static final List<Class<?>> IN_ORDER = List.of(
            SavedSession.class, // 200
            Link.class,
            Security.class,
            Security.TlsFacts.class,
            Facts.Fact.class,
            SessionMessage.Connected.class, // 205
            SessionMessage.Command.class,
            SessionMessage.TlsEstablished.class,
            SessionMessage.ControlClosed.class,
            SessionMessage.DataArrived.class,
            SessionMessage.DataFailed.class, // 210
            SessionMessage.TransferEnded.class,
            SessionMessage.Kick.class,
            Session.HandOff.class,
            ControlMessage.Answer.class,
            ControlMessage.After.class, // 215
            ControlMessage.ConnectOut.class,
            DataMessage.Perform.class,
            DataMessage.Abort.class,
            TransferOrder.class,
            TransferOrder.Protection.class, // 220
            TransferOrder.SessionReuse.class,
            Transfer.Send.class,
            Transfer.Receive.class,
            Transfer.SendListing.class,
            Transfer.Placement.class, // 225
            Transfer.Format.class,
            Transfer.Order.class,
            TransferResult.class,
            TransferResult.Ending.class,
            DataMessage.Acknowledge.class, // 230
            DataMessage.Inquire.class,
            SessionMessage.Progress.class,
            DataMessage.Prepare.class,
            SessionMessage.Wake.class,
            ControlMessage.Working.class, // 235
            ControlMessage.Released.class,
            SavedTransfer.class,
            SavedTransfer.Phase.class,
            SavedSession.Progress.class);

    private WireTable() {}

    /** Id to class, for {@code ClusterSettings.wireTypes}. */
    public static Map<Integer, Class<?>> types() {
        Map<Integer, Class<?>> types = new HashMap<>();
        for (int i = 0; i < IN_ORDER.size(); i++) {
            types.put(FIRST + i, IN_ORDER.get(i));
        }
        return types;
    }
}
