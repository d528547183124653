package flotilla.node.overview;

import flotilla.cluster.AddressBlock;
import flotilla.node.overview.LiveSession.LiveOrder;
import flotilla.node.overview.OverviewMessage.Keyed;
import flotilla.node.overview.OverviewMessage.Progress;
import flotilla.node.overview.OverviewMessage.SessionView;
import flotilla.node.overview.OverviewMessage.SlotsView;
import flotilla.node.overview.OverviewMessage.TransferView;
import flotilla.node.overview.OverviewMessage.Use;
import flotilla.node.overview.SessionQuery.Sort;
import flotilla.node.overview.SessionQuery.SortKey;
import flotilla.node.state.Security.TlsFacts;
import flotilla.node.state.SessionState;
import flotilla.node.transfer.Transfer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * Makes pages of this node's sessions and transfers. A page that is too large for one message ends early and says so.
 */
final class Pages {
    private static final int PROGRESS_BYTES = 120;
    private static final int VIEW_BYTES = 300;

    private final String node;
    private final UnaryOperator<String> names;
    private final LiveSessions sessions;
    private final LiveTransfers transfers;

    /**
     * Creates the pages.
     *
     * @param names turns the address of an actor system into its node's name
     */
    Pages(String node, UnaryOperator<String> names, LiveSessions sessions, LiveTransfers transfers) {
        this.node = node;
        this.names = names;
        this.sessions = sessions;
        this.transfers = transfers;
    }

    private record Found<T>(SortKey key, T item) {}

    OverviewMessage.SessionsHere sessions(SessionQuery query) {
        Collection<LiveSession> all = query.ids().isEmpty()
                ? sessions.all()
                : query.ids().stream().flatMap(id -> sessions.find(id).stream()).toList();
        First<LiveSession> first = new First<>(query);
        for (LiveSession live : all) {
            SessionState state = live.state();
            if (state != null && matches(query, live, state)) {
                first.offer(key(query.sort(), live, state), live);
            }
        }
        List<Keyed> page = new ArrayList<>();
        int bytes = 0;
        for (Found<LiveSession> found : first.inOrder()) {
            SessionState state = found.item().state();
            if (state == null) {
                continue;
            }
            SessionView view = view(found.item(), state);
            bytes += size(view);
            if (bytes > Frames.BYTES && !page.isEmpty()) {
                break;
            }
            page.add(new Keyed(found.key(), view));
        }
        return new OverviewMessage.SessionsHere(node, page, page.size() < first.behind, first.matched);
    }

    OverviewMessage.TransfersHere transfers(SessionQuery query) {
        List<Progress> all = query.isByTransfer() || query.ids().isEmpty()
                ? transfers.all().stream().map(moving -> moving.progress(node)).toList()
                : query.ids().stream()
                        .flatMap(id -> transfers.find(id).stream())
                        .map(moving -> moving.progress(node))
                        .toList();
        First<Progress> first = new First<>(query);
        for (Progress progress : all) {
            first.offer(key(query.sort(), progress), progress);
        }
        List<Progress> page = new ArrayList<>();
        for (Found<Progress> found : first.inOrder()) {
            if (page.size() < Frames.BYTES / PROGRESS_BYTES) {
                page.add(found.item());
            }
        }
        return new OverviewMessage.TransfersHere(node, page, page.size() < first.behind, all.size());
    }

    OverviewMessage.UseHere use(OverviewMessage.AskUse ask, Supplier<List<SlotsView>> slots) {
        Map<String, Integer> users = new HashMap<>();
        Map<String, Integer> addresses = new HashMap<>();
        for (LiveSession live : sessions.all()) {
            SessionState state = live.state();
            if (state != null) {
                addresses.merge(AddressBlock.of(state.link().client()), 1, Integer::sum);
                if (state.isLoggedIn()) {
                    users.merge(state.login().name(), 1, Integer::sum);
                }
            }
        }
        if (!ask.users().isEmpty() || !ask.addresses().isEmpty()) {
            users.keySet().retainAll(Set.copyOf(ask.users()));
            addresses.keySet().retainAll(Set.copyOf(ask.addresses()));
        }
        return new OverviewMessage.UseHere(
                node,
                sessions.count(),
                largest(users, ask.limit()),
                largest(addresses, ask.limit()),
                ask.slotsBehind().map(place -> slots(slots.get(), place, ask.limit())));
    }

    private static OverviewMessage.SlotsHere slots(List<SlotsView> all, SortKey place, int limit) {
        List<SlotsView> behind = all.stream()
                .filter(each -> place.equals(SortKey.START) || each.key().compareTo(place) > 0)
                .sorted(Comparator.comparing(SlotsView::key))
                .toList();
        return new OverviewMessage.SlotsHere(
                all.size(), behind.size(), behind.stream().limit(limit).toList());
    }

    private static List<Use> largest(Map<String, Integer> counts, int limit) {
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(limit)
                .map(entry -> new Use(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** Keeps the first entries of an order, and counts all. */
    private static final class First<T> {
        private final SessionQuery query;
        private final Comparator<Found<T>> order;
        private final PriorityQueue<Found<T>> kept;
        private int matched;
        private int behind;

        First(SessionQuery query) {
            this.query = query;
            Comparator<Found<T>> ascending = Comparator.comparing((Function<Found<T>, SortKey>) Found::key);
            this.order = query.descending() ? ascending.reversed() : ascending;
            this.kept = new PriorityQueue<>(order.reversed());
        }

        void offer(SortKey key, T item) {
            matched++;
            if (!query.isBehind(key)) {
                return;
            }
            behind++;
            kept.add(new Found<>(key, item));
            if (kept.size() > query.limit()) {
                kept.remove();
            }
        }

        List<Found<T>> inOrder() {
            List<Found<T>> all = new ArrayList<>(kept);
            all.sort(order);
            return all;
        }
    }

    private boolean matches(SessionQuery query, LiveSession live, SessionState state) {
        return (query.user().isEmpty()
                        || state.isLoggedIn()
                                && query.user().equals(state.login().name()))
                && (query.address().isEmpty()
                        || query.address().equals(state.link().client().getHostAddress()))
                && (query.node().isEmpty()
                        || query.node().equals(node)
                        || query.node().equals(state.link().controlNode()))
                && (query.state().isEmpty() || query.state().equals(stateOf(live, state)));
    }

    private static String stateOf(LiveSession live, SessionState state) {
        if (!state.isLoggedIn()) {
            return "connecting";
        }
        return live.order() == null ? "idle" : "transferring";
    }

    private SortKey key(Sort sort, LiveSession live, SessionState state) {
        return switch (sort) {
            case SINCE, BYTES, RATE -> new SortKey(state.link().since().toEpochMilli(), "", live.id());
            case ACTIVE -> new SortKey(live.active().toEpochMilli(), "", live.id());
            case USER -> new SortKey(0, state.isLoggedIn() ? state.login().name() : "", live.id());
            case ADDRESS -> new SortKey(0, state.link().client().getHostAddress(), live.id());
            case NODE -> new SortKey(0, node, live.id());
        };
    }

    static SortKey key(Sort sort, Progress progress) {
        return new SortKey(
                sort == Sort.BYTES ? progress.bytes() : sort == Sort.RATE ? progress.bytesPerSecond() : 0,
                "",
                progress.sessionId());
    }

    private SessionView view(LiveSession live, SessionState state) {
        TlsFacts facts = state.security().tls() ? state.security().facts() : TlsFacts.NONE;
        LiveOrder order = live.order();
        return new SessionView(
                live.id(),
                state.isLoggedIn() ? state.login().name() : "",
                state.link().client().getHostAddress(),
                state.link().clientPort(),
                state.link().local().getHostAddress(),
                state.link().localPort(),
                state.link().controlNode(),
                node,
                order == null ? "" : dataNode(order.data()),
                facts.version(),
                facts.cipher(),
                facts.resumed(),
                state.directory().toString(),
                live.lastCommand(),
                stateOf(live, state),
                state.link().since(),
                live.active(),
                state.login().clientName(),
                Optional.ofNullable(order).map(Pages::transfer));
    }

    /** The name of the node that moves the bytes; empty without a data connection. */
    private String dataNode(@Nullable ActorRef<?> data) {
        if (data == null) {
            return "";
        }
        return data.path().address().hasLocalScope()
                ? node
                : names.apply(data.path().address().toString());
    }

    private static TransferView transfer(LiveOrder live) {
        Transfer transfer = live.order().transfer();
        String direction = transfer.isUpload() ? "upload" : transfer instanceof Transfer.Send ? "download" : "listing";
        return new TransferView(
                live.order().transferId(),
                direction,
                transfer.path(),
                live.data() != null,
                java.time.Instant.ofEpochMilli(live.sinceMillis()),
                live.order().protection().tls(),
                false,
                0,
                0,
                transfer instanceof Transfer.Send send ? send.size() - send.offset() : 0);
    }

    private static int size(SessionView view) {
        int characters = view.user().length()
                + view.directory().length()
                + view.clientName().length()
                + view.transfer().map(transfer -> transfer.path().length()).orElse(0);
        return VIEW_BYTES + Frames.WIDEST_CHARACTER * characters;
    }
}
