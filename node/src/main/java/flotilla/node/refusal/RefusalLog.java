package flotilla.node.refusal;

import flotilla.cluster.Bans;
import flotilla.cluster.Block;
import flotilla.cluster.ShortIds;
import flotilla.node.event.EventSink;
import flotilla.node.event.NodeEvent;
import flotilla.node.protocol.Names;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * The last refusals of this node, in memory. One address keeps a tenth of the places at most, so that a flood from one
 * place does not hide the others. A name that may be a password is kept as a keyed digest and by its beginning: a question
 * that gives the whole name still finds it.
 */
public final class RefusalLog implements EventSink {
    private static final int SHARE = 10;

    private final String node;
    private final int places;
    private final Function<InetAddress, Optional<Bans.Ban>> bans;
    private final Clock clock;
    private final HiddenNames names = new HiddenNames();
    private final Map<Long, Kept> kept = new LinkedHashMap<>();
    private final Map<String, Deque<Long>> byAddress = new HashMap<>();
    private long next;

    private record Kept(Refusal refusal, String digest, Optional<Block> block) {}

    /**
     * Makes an empty log.
     *
     * @param node name of this node
     * @param places most refusals that are kept
     * @param bans the ban in force of an address; must not block
     */
    public RefusalLog(String node, int places, Function<InetAddress, Optional<Bans.Ban>> bans, Clock clock) {
        this.node = node;
        this.places = places;
        this.bans = bans;
        this.clock = clock;
    }

    @Override
    public void accept(NodeEvent event) {
        Causes.of(event).ifPresent(cause -> keep(cause, event));
    }

    private void keep(String cause, NodeEvent event) {
        Described what = Described.of(event);
        Optional<Block> block = block(what.address());
        String detail = cause.endsWith("-banned") ? banned(block).orElse(what.detail()) : what.detail();
        boolean isHidden = !what.isAccount() && !what.user().isEmpty();
        Refusal refusal = new Refusal(
                Instant.now(clock),
                node,
                cause,
                isHidden ? Names.hidden(what.user()) : what.user(),
                what.address(),
                what.session(),
                what.what(),
                detail,
                what.code());
        add(new Kept(refusal, isHidden ? names.digest(what.user()) : "", block));
    }

    /**
     * Describes the ban of an address. The reason of an automatic ban names the users that were tried, which may be
     * passwords.
     */
    private Optional<String> banned(Optional<Block> block) {
        return block.flatMap(address -> bans.apply(address.base()))
                .map(ban -> (ban.until().equals(Bans.FOREVER) ? "forever" : "until " + ban.until()) + ": "
                        + ban.reason().replaceFirst("(?s)(wrong passwords), the last for .*", "$1"));
    }

    private static Optional<Block> block(String address) {
        try {
            return address.isEmpty() ? Optional.empty() : Optional.of(Block.parse(address));
        } catch (IllegalArgumentException noAddress) {
            return Optional.empty();
        }
    }

    private synchronized void add(Kept one) {
        Deque<Long> same = byAddress.computeIfAbsent(one.refusal().address(), first -> new ArrayDeque<>());
        if (same.size() >= Math.max(1, places / SHARE)) {
            kept.remove(same.removeFirst());
        } else if (kept.size() >= places) {
            long oldest = kept.keySet().iterator().next();
            forget(oldest, Objects.requireNonNull(kept.remove(oldest)).refusal().address(), same);
        }
        same.addLast(next);
        kept.put(next++, one);
    }

    private void forget(long number, String address, Deque<Long> inUse) {
        Deque<Long> numbers = Objects.requireNonNull(byAddress.get(address));
        numbers.remove(number);
        if (numbers.isEmpty() && numbers != inUse) {
            byAddress.remove(address);
        }
    }

    /**
     * The last refusals about a user, an address, a network or a session, the newest first.
     *
     * @param about the name, the address, the network as {@link Block} writes it, the id of the session or its
     *     {@linkplain ShortIds short form}; empty for all
     * @param limit most refusals in the answer
     */
    public List<Refusal> about(String about, int limit) {
        Optional<Block> network = block(about);
        String digest = about.isEmpty() ? "" : names.digest(about);
        List<Kept> all;
        synchronized (this) {
            all = new ArrayList<>(kept.values());
        }
        Collections.reverse(all);
        return all.stream()
                .filter(each -> about.isEmpty() || isAbout(each, about, digest, network))
                .limit(limit)
                .map(each -> each.digest().equals(digest) && !digest.isEmpty()
                        ? each.refusal().of(about)
                        : each.refusal())
                .toList();
    }

    private static boolean isAbout(Kept each, String about, String digest, Optional<Block> network) {
        Refusal refusal = each.refusal();
        return (each.digest().isEmpty()
                        ? refusal.user().equals(about)
                        : each.digest().equals(digest))
                || !refusal.session().isEmpty() && ShortIds.isOf(about, refusal.session())
                || network.isPresent()
                        && each.block().filter(network.get()::meets).isPresent();
    }
}
