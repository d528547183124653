package flotilla.cluster.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.OperationTimeoutException;
import com.hazelcast.map.IMap;
import flotilla.cluster.ActorThreads;
import flotilla.cluster.Agreements;
import flotilla.cluster.ClusterSettings;
import flotilla.cluster.JoinException;
import flotilla.cluster.Limits;
import flotilla.cluster.NodeBoard.NodeState;
import flotilla.cluster.Outbox;
import flotilla.cluster.PassivePool;
import flotilla.cluster.QuotaLedger;
import flotilla.cluster.QuotaRecord;
import flotilla.cluster.RateShares;
import flotilla.cluster.SessionDirectory;
import flotilla.cluster.SignIns;
import flotilla.cluster.UploadLocks;
import flotilla.cluster.UserDirectory;
import flotilla.cluster.Vault;
import flotilla.cluster.forming.Pulse;
import flotilla.cluster.forming.StartPatience;
import flotilla.cluster.hazelcast.entry.MapNames;
import flotilla.cluster.hazelcast.entry.MemberIds;
import flotilla.cluster.hazelcast.entry.QuotaBook;
import flotilla.cluster.hazelcast.entry.TicketRing;
import flotilla.cluster.hazelcast.member.DeadProcesses;
import flotilla.cluster.hazelcast.member.MemberAddresses;
import flotilla.cluster.hazelcast.member.MuteConnections;
import flotilla.cluster.hazelcast.shared.Reclaimer;
import flotilla.cluster.hazelcast.shared.SealedVault;
import flotilla.cluster.hazelcast.shared.SharedAgreements;
import flotilla.cluster.hazelcast.shared.SharedAlertBoard;
import flotilla.cluster.hazelcast.shared.SharedBans;
import flotilla.cluster.hazelcast.shared.SharedFigures;
import flotilla.cluster.hazelcast.shared.SharedFreezes;
import flotilla.cluster.hazelcast.shared.SharedLimits;
import flotilla.cluster.hazelcast.shared.SharedNodeBoard;
import flotilla.cluster.hazelcast.shared.SharedOutbox;
import flotilla.cluster.hazelcast.shared.SharedOverrides;
import flotilla.cluster.hazelcast.shared.SharedPassivePool;
import flotilla.cluster.hazelcast.shared.SharedQuotas;
import flotilla.cluster.hazelcast.shared.SharedRates;
import flotilla.cluster.hazelcast.shared.SharedRoll;
import flotilla.cluster.hazelcast.shared.SharedSessions;
import flotilla.cluster.hazelcast.shared.SharedSignIns;
import flotilla.cluster.hazelcast.shared.SharedTicketKeys;
import flotilla.cluster.hazelcast.shared.SharedTraces;
import flotilla.cluster.hazelcast.shared.SharedUploadLocks;
import flotilla.cluster.hazelcast.shared.SharedUsers;
import flotilla.cluster.hazelcast.shared.SharedWriteStop;
import flotilla.cluster.protection.Seal;
import flotilla.cluster.stage.Deadlines;
import flotilla.cluster.stage.Stages;
import flotilla.cluster.wire.WireCodec;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * The shared state of the nodes, through this member's Hazelcast.
 *
 * @param operations counts the operations that this node has started
 * @param lastWrites writes the changes of usages that the database does not have yet; blocks
 */
record Services(
        UserDirectory users,
        Limits limits,
        SharedBans bans,
        SharedTraces traces,
        SharedFreezes freezes,
        SharedFigures figures,
        SharedWriteStop writeStop,
        SharedOverrides overrides,
        SharedRoll roll,
        PassivePool passivePool,
        SessionDirectory sessions,
        SharedTicketKeys ticketKeys,
        UploadLocks uploadLocks,
        QuotaLedger quotas,
        Agreements agreements,
        SignIns signIns,
        Vault vault,
        Outbox outbox,
        RateShares rates,
        SharedNodeBoard board,
        SharedAlertBoard alerts,
        Pulse pulse,
        LongAdder operations,
        Runnable lastWrites) {

    /**
     * Makes the services, fetches their copies, and starts the periodic work that looks after lost members. Blocks.
     *
     * @throws JoinException when the cluster does not answer before {@code start} gives up
     */
    static Services start(
            ClusterSettings settings,
            HazelcastInstance hazelcast,
            MemberAddresses addresses,
            NodeState self,
            Resources resources,
            WireCodec codec,
            Seal seal,
            ActorThreads threads,
            StartPatience start)
            throws JoinException {
        LongAdder operations = new LongAdder();
        Deadlines deadlines = new Deadlines(settings.operations().timeout(), resources.ticker());
        Deadlines patience = new Deadlines(settings.operations().patience(), resources.ticker());
        Stages stages = new Stages(
                deadlines,
                patience,
                settings.operations().tries(),
                failure -> failure instanceof OperationTimeoutException,
                threads,
                operations);
        Set<UUID> gone = ConcurrentHashMap.newKeySet();
        IMap<String, TicketRing> rings = hazelcast.getMap(MapNames.TICKET_KEYS);
        SharedTicketKeys ticketKeys =
                new SharedTicketKeys(rings, settings.shared().ticketRotation(), stages);
        IMap<String, QuotaRecord> usages = hazelcast.getMap(MapNames.QUOTA);
        QuotaBook book =
                (QuotaBook) Objects.requireNonNull(hazelcast.getUserContext().get(MapNames.QUOTA), "no quota book");
        SharedQuotas quotas = new SharedQuotas(hazelcast, usages, book, resources.work(), stages);
        start.ask("the ticket keys", () -> ticketKeys.start(resources.ticker()).join());
        SharedNodeBoard board = new SharedNodeBoard(hazelcast, self, operations);
        Pulse pulse = new Pulse(Pulse.gap(settings.network().failureDetection()), System::nanoTime, addresses.pekko());
        Services services = new Services(
                new SharedUsers(
                        hazelcast.getMap(MapNames.USERS),
                        hazelcast.getTopic(MapNames.USER_CHANGES),
                        resources.users(),
                        resources.work(),
                        stages,
                        settings.database().staleFor()),
                new SharedLimits(hazelcast.getMap(MapNames.LIMITS), gone, stages),
                new SharedBans(
                        hazelcast.getMap(MapNames.BANS),
                        hazelcast.getMap(MapNames.LOGIN_FAILURES),
                        () -> resources.users().bans(),
                        resources.work(),
                        hazelcast.getTopic(MapNames.BAN_CHANGES),
                        settings.shared().maxKeptBans(),
                        stages),
                new SharedTraces(hazelcast.getMap(MapNames.TRACES), stages),
                new SharedFreezes(hazelcast.getMap(MapNames.FREEZES), stages),
                new SharedFigures(
                        hazelcast.getMap(MapNames.FIGURES),
                        MemberIds.of(hazelcast.getCluster().getLocalMember()).toString(),
                        stages,
                        resources.blocking()),
                new SharedWriteStop(hazelcast.getMap(MapNames.WRITE_STOP), stages, resources.blocking()),
                new SharedOverrides(
                        hazelcast.getTopic(MapNames.OVERRIDE_CHANGES), resources.overrides(), resources.work(), stages),
                new SharedRoll(
                        resources.roll(),
                        resources.work(),
                        stages,
                        settings.self().name(),
                        hazelcast.getCluster().getLocalMember().getAddress().getHost()),
                new SharedPassivePool(
                        hazelcast.getMap(MapNames.PASSIVE_LEASES),
                        settings.shared().passivePorts(),
                        board::closedPorts,
                        stages),
                new SharedSessions(
                        hazelcast.getMap(MapNames.SESSIONS),
                        settings.self().name(),
                        codec,
                        seal,
                        stages,
                        resources.blocking()),
                ticketKeys,
                new SharedUploadLocks(hazelcast.getMap(MapNames.UPLOAD_LOCKS), stages),
                quotas,
                new SharedAgreements(hazelcast.getMap(MapNames.AGREEMENTS), stages, resources.blocking()),
                new SharedSignIns(hazelcast.getMap(MapNames.SIGN_INS), stages, resources.blocking()),
                new SealedVault(resources::vault, resources.work(), seal),
                new SharedOutbox(resources::outbox, resources.work()),
                new SharedRates(
                        hazelcast.getMap(MapNames.RATES),
                        MemberIds.of(hazelcast.getCluster().getLocalMember()),
                        stages),
                board,
                new SharedAlertBoard(hazelcast, board, pulse::mayWrite, stages, resources.blocking()),
                pulse,
                operations,
                () -> book.write(usages));
        start.ask("the bans", () -> {
            services.bans().start();
            services.refresh();
            return true;
        });
        start.ask("a place on the board", () -> {
            services.board().post(false, 0, Set.of());
            return true;
        });
        resources.ticker().every(Pulse.BEAT_MILLIS, services.pulse()::beat);
        resources.ticker().every(SharedBans.LOOK_MILLIS, services.bans()::look);
        resources.ticker().every(QuotaBook.WRITE_MILLIS, () -> book.writeLater(usages, resources.work()));
        services.overrides().start(resources.ticker());
        services.roll().start(resources.ticker(), !settings.database().isShared());
        resources.ticker().every(SharedQuotas.RETRY_MILLIS, quotas::settleAgain);
        DeadProcesses deadProcesses = new DeadProcesses(hazelcast, addresses, resources.blocking());
        resources.ticker().every(DeadProcesses.LOOK_MILLIS, deadProcesses::look);
        resources.ticker().every(MuteConnections.LOOK_MILLIS, MuteConnections.of(hazelcast, addresses)::look);
        new Reclaimer(hazelcast, addresses::isGone, gone, resources.blocking(), member -> {
                    services.board().forget(member);
                    services.refresh();
                    book.allChanged(usages);
                })
                .start(resources.ticker());
        return services;
    }

    /**
     * Fetches the copies of bans, traces, freezes, alerts and the stop of writing again, since events may be lost when a
     * member goes. Blocks.
     */
    private void refresh() {
        bans.refresh();
        traces.refresh();
        freezes.refresh();
        writeStop.refresh();
        alerts.refresh();
    }
}
