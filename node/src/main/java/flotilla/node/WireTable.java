package flotilla.node;

import flotilla.node.message.ControlMessage;
import flotilla.node.message.DataMessage;
import flotilla.node.message.SessionMessage;
import flotilla.node.overview.OverviewMessage;
import flotilla.node.overview.RecordMessage;
import flotilla.node.overview.SessionQuery;
import flotilla.node.protocol.Facts;
import flotilla.node.refusal.Refusal;
import flotilla.node.session.SavedSession;
import flotilla.node.session.SavedTransfer;
import flotilla.node.session.Session;
import flotilla.node.state.Link;
import flotilla.node.state.ResumableSession;
import flotilla.node.state.Security;
import flotilla.node.trace.TraceLine;
import flotilla.node.transfer.Transfer;
import flotilla.node.transfer.TransferOrder;
import flotilla.node.transfer.TransferResult;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The ids of this module's records on the wire and in stored records. Append only: an id is never given to another
 * class.
 */
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
            SavedSession.Progress.class,
            ResumableSession.class, // 240
            SessionMessage.AccountChanged.class,
            SessionMessage.DataRefused.class,
            SessionMessage.Vouch.class,
            DataMessage.Vouched.class);

    private static final int FIRST_OVERVIEW = 250;

    private static final List<Class<?>> OVERVIEW_IN_ORDER = List.of(
            SessionQuery.class, // 250
            SessionQuery.Sort.class,
            SessionQuery.SortKey.class,
            OverviewMessage.AskSessions.class,
            OverviewMessage.AskTransfers.class,
            OverviewMessage.AskNode.class, // 255
            OverviewMessage.AskLeases.class,
            OverviewMessage.AskUse.class,
            OverviewMessage.Kick.class,
            OverviewMessage.Steer.class,
            OverviewMessage.SessionsHere.class, // 260
            OverviewMessage.Keyed.class,
            OverviewMessage.TransfersHere.class,
            OverviewMessage.LeasesHere.class,
            OverviewMessage.LeaseView.class,
            OverviewMessage.UseHere.class, // 265
            OverviewMessage.Use.class,
            OverviewMessage.Done.class,
            OverviewMessage.Failed.class,
            OverviewMessage.NodeView.class,
            OverviewMessage.SessionView.class, // 270
            OverviewMessage.TransferView.class,
            OverviewMessage.Progress.class,
            OverviewMessage.SlotsHere.class,
            OverviewMessage.SlotsView.class,
            OverviewMessage.AskConfiguration.class, // 275
            OverviewMessage.TrySetting.class,
            OverviewMessage.ConfigurationHere.class,
            OverviewMessage.ConfigurationView.class,
            OverviewMessage.SettingView.class,
            OverviewMessage.Tried.class); // 280

    private static final int FIRST_RECORD = 300;

    private static final List<Class<?>> RECORDS_IN_ORDER = List.of(
            Refusal.class, // 300
            RecordMessage.AskRefusals.class,
            RecordMessage.RefusalsHere.class,
            RecordMessage.AskFigures.class,
            RecordMessage.FiguresHere.class,
            TraceLine.class, // 305
            RecordMessage.AskTrace.class,
            RecordMessage.TraceHere.class);

    private WireTable() {}

    /** The classes by id, for {@code ClusterSettings.Shared.wireTypes}. */
    public static Map<Integer, Class<?>> types() {
        Map<Integer, Class<?>> types = new HashMap<>();
        put(types, FIRST, IN_ORDER);
        put(types, FIRST_OVERVIEW, OVERVIEW_IN_ORDER);
        put(types, FIRST_RECORD, RECORDS_IN_ORDER);
        return types;
    }

    private static void put(Map<Integer, Class<?>> types, int first, List<Class<?>> inOrder) {
        for (int i = 0; i < inOrder.size(); i++) {
            if (types.put(first + i, inOrder.get(i)) != null) {
                throw new IllegalStateException("two classes have the wire id " + (first + i));
            }
        }
    }
}
