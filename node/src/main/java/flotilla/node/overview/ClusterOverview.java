package flotilla.node.overview;

import flotilla.cluster.Figures;
import flotilla.node.overview.OverviewMessage.ConfigurationHere;
import flotilla.node.overview.OverviewMessage.Done;
import flotilla.node.overview.OverviewMessage.Keyed;
import flotilla.node.overview.OverviewMessage.LeasesHere;
import flotilla.node.overview.OverviewMessage.NodeView;
import flotilla.node.overview.OverviewMessage.Progress;
import flotilla.node.overview.OverviewMessage.Question;
import flotilla.node.overview.OverviewMessage.SessionView;
import flotilla.node.overview.OverviewMessage.SessionsHere;
import flotilla.node.overview.OverviewMessage.SlotsHere;
import flotilla.node.overview.OverviewMessage.SlotsView;
import flotilla.node.overview.OverviewMessage.TransfersHere;
import flotilla.node.overview.OverviewMessage.Tried;
import flotilla.node.overview.OverviewMessage.Use;
import flotilla.node.overview.OverviewMessage.UseHere;
import flotilla.node.overview.SessionQuery.SortKey;
import flotilla.node.refusal.Refusal;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The whole cluster as one: it asks the overview of every member, waits a limited time for each, and joins the answers.
 * The result lists the nodes that did not answer.
 */
public final class ClusterOverview {
    private final Members members;

    public ClusterOverview(Members members) {
        this.members = members;
    }

    /**
     * A page of sessions.
     *
     * @param next the start of the next page; empty on the last one
     * @param matched number of sessions that match in all
     * @param incomplete nodes that did not answer
     */
    public record Page(List<SessionView> sessions, Optional<SortKey> next, int matched, List<String> incomplete) {}

    /**
     * The answers of nodes.
     *
     * @param incomplete nodes that did not answer
     */
    public record Nodes<T>(List<T> answers, List<String> incomplete) {}

    /**
     * The result of an order.
     *
     * @param node the node that carried it out; empty for none
     * @param refused the reason why the node cannot carry it out
     * @param incomplete nodes that did not answer
     */
    public record Outcome(String node, Optional<String> refused, List<String> incomplete) {
        /** Returns true when a node carried the order out. */
        public boolean isDone() {
            return !node.isEmpty();
        }
    }

    /**
     * A page of the slots that users and addresses hold, over all nodes.
     *
     * @param sessions number of sessions in all
     * @param keys number of users and addresses that hold slots
     * @param next the start of the next page; empty on the last one
     * @param incomplete nodes that did not answer
     */
    public record Usage(int sessions, int keys, List<Slots> slots, Optional<SortKey> next, List<String> incomplete) {}

    /**
     * The slots of a user or an address.
     *
     * @param user true for a user, false for an address
     * @param held number of slots
     * @param sessions number of live sessions; fewer than {@code held} for a long time is a leak
     */
    public record Slots(boolean user, String name, int held, int sessions) {}

    /** A page of sessions in the order of the query, with the progress of their transfers. */
    public CompletionStage<Page> sessions(SessionQuery query) {
        return query.isByTransfer() ? byTransfer(query) : bySession(query);
    }

    /** The page of this one session; empty when no node that answered has it. */
    public CompletionStage<Page> session(String id) {
        SessionQuery one =
                new SessionQuery("", "", "", "", List.of(id), SessionQuery.Sort.SINCE, false, SortKey.START, 1);
        return bySession(one);
    }

    private CompletionStage<Page> bySession(SessionQuery query) {
        return ask(SessionsHere.class, replyTo -> new OverviewMessage.AskSessions(query, replyTo))
                .thenCompose(answers -> {
                    Merge<Keyed> merge = new Merge<>(query, Keyed::key);
                    answers.answers().forEach(here -> merge.add(here.sessions(), here.more()));
                    int matched = answers.answers().stream()
                            .mapToInt(SessionsHere::matched)
                            .sum();
                    List<SessionView> page =
                            merge.page().stream().map(Keyed::session).toList();
                    return progressOf(page)
                            .thenApply(views -> new Page(views, merge.next(), matched, answers.incomplete()));
                });
    }

    /** Adds the progress of the transfers on the page. */
    private CompletionStage<List<SessionView>> progressOf(List<SessionView> page) {
        List<String> moving = page.stream()
                .filter(view -> view.transfer().isPresent())
                .map(SessionView::id)
                .toList();
        if (moving.isEmpty()) {
            return CompletableFuture.completedFuture(page);
        }
        SessionQuery query =
                new SessionQuery("", "", "", "", moving, SessionQuery.Sort.SINCE, false, SortKey.START, moving.size());
        return ask(TransfersHere.class, replyTo -> new OverviewMessage.AskTransfers(query, replyTo))
                .thenApply(answers -> {
                    Map<String, Progress> known = new HashMap<>();
                    answers.answers().forEach(here -> here.transfers()
                            .forEach(progress -> known.put(progress.sessionId(), progress)));
                    return page.stream().map(view -> with(view, known)).toList();
                });
    }

    private SessionView with(SessionView view, Map<String, Progress> known) {
        Progress progress = known.get(view.id());
        return progress == null ? view : view.with(progress);
    }

    /** Asks for the leading transfers first, then for their sessions. */
    private CompletionStage<Page> byTransfer(SessionQuery query) {
        return ask(TransfersHere.class, replyTo -> new OverviewMessage.AskTransfers(query, replyTo))
                .thenCompose(answers -> {
                    Merge<Progress> merge = new Merge<>(query, progress -> Pages.key(query.sort(), progress));
                    answers.answers().forEach(here -> merge.add(here.transfers(), here.more()));
                    List<Progress> leading = merge.page();
                    int running = answers.answers().stream()
                            .mapToInt(TransfersHere::running)
                            .sum();
                    if (leading.isEmpty()) {
                        return CompletableFuture.completedFuture(
                                new Page(List.of(), Optional.empty(), running, answers.incomplete()));
                    }
                    return sessionsOf(query, leading, merge.next(), running);
                });
    }

    private CompletionStage<Page> sessionsOf(
            SessionQuery query, List<Progress> leading, Optional<SortKey> next, int running) {
        SessionQuery theirs =
                query.forIds(leading.stream().map(Progress::sessionId).toList());
        return ask(SessionsHere.class, replyTo -> new OverviewMessage.AskSessions(theirs, replyTo))
                .thenApply(
                        answers -> {
                            Map<String, SessionView> known = new HashMap<>();
                            answers.answers().forEach(here -> here.sessions()
                                    .forEach(keyed -> known.put(keyed.session().id(), keyed.session())));
                            List<SessionView> page = leading.stream()
                                    .flatMap(progress -> Optional.ofNullable(known.get(progress.sessionId()))
                                            .map(view -> view.with(progress))
                                            .stream())
                                    .toList();
                            return new Page(page, next, running, answers.incomplete());
                        });
    }

    /** The state of every node that answered, sorted by name. */
    public CompletionStage<Nodes<NodeView>> nodes() {
        return ask(NodeView.class, OverviewMessage.AskNode::new)
                .thenApply(answers -> new Nodes<>(
                        answers.answers().stream()
                                .sorted(Comparator.comparing(NodeView::node))
                                .toList(),
                        answers.incomplete()));
    }

    /** The leases of every node, up to {@code limit} of each. */
    public CompletionStage<Nodes<LeasesHere>> leases(int limit) {
        return ask(LeasesHere.class, replyTo -> new OverviewMessage.AskLeases(limit, replyTo));
    }

    /** The configuration of every node that answered, sorted by name. */
    public CompletionStage<Nodes<ConfigurationHere>> configurations() {
        return ask(ConfigurationHere.class, OverviewMessage.AskConfiguration::new)
                .thenApply(answers -> new Nodes<>(
                        answers.answers().stream()
                                .sorted(Comparator.comparing(ConfigurationHere::node))
                                .toList(),
                        answers.incomplete()));
    }

    /**
     * Asks every node whether it would take a value for all nodes.
     *
     * @param by the operator
     */
    public CompletionStage<Nodes<Tried>> trySetting(String key, String value, String by) {
        return ask(Tried.class, replyTo -> new OverviewMessage.TrySetting(key, value, by, replyTo, false));
    }

    /** Asks every node whether it could go on without the value that a key has for all nodes. */
    public CompletionStage<Nodes<Tried>> tryUnset(String key) {
        return ask(Tried.class, replyTo -> new OverviewMessage.TrySetting(key, "", "", replyTo, true));
    }

    /**
     * A page of the slots that users and addresses hold, with their live sessions; the largest number of slots comes
     * first.
     *
     * @param place the end of the page before
     */
    public CompletionStage<Usage> usage(SortKey place, int limit) {
        return ask(
                        UseHere.class,
                        replyTo -> new OverviewMessage.AskUse(limit, replyTo, Optional.of(place), List.of(), List.of()))
                .thenCompose(answers -> {
                    List<SlotsView> page = answers.answers().stream()
                            .flatMap(here -> here.slots().stream())
                            .flatMap(slots -> slots.page().stream())
                            .sorted(Comparator.comparing(SlotsView::key))
                            .limit(limit)
                            .toList();
                    return sessionsOf(page).thenApply(sessions -> usage(answers, page, sessions));
                });
    }

    private static Usage usage(Nodes<UseHere> answers, List<SlotsView> page, Nodes<UseHere> sessions) {
        Set<String> incomplete = new TreeSet<>(answers.incomplete());
        incomplete.addAll(sessions.incomplete());
        int keys = 0;
        int behind = 0;
        int all = 0;
        for (UseHere here : answers.answers()) {
            all += here.sessions();
            keys += here.slots().map(SlotsHere::keys).orElse(0);
            behind += here.slots().map(SlotsHere::behind).orElse(0);
            if (here.slots().isEmpty()) {
                incomplete.add(here.node());
            }
        }
        Map<String, Integer> users = added(sessions.answers(), UseHere::users);
        Map<String, Integer> addresses = added(sessions.answers(), UseHere::addresses);
        List<Slots> slots = page.stream()
                .map(each -> new Slots(
                        each.user(),
                        each.name(),
                        each.held(),
                        (each.user() ? users : addresses).getOrDefault(each.name(), 0)))
                .toList();
        Optional<SortKey> next = behind > page.size() && !page.isEmpty()
                ? Optional.of(page.get(page.size() - 1).key())
                : Optional.empty();
        return new Usage(all, keys, slots, next, List.copyOf(incomplete));
    }

    private CompletionStage<Nodes<UseHere>> sessionsOf(List<SlotsView> page) {
        if (page.isEmpty()) {
            return CompletableFuture.completedFuture(new Nodes<>(List.of(), List.of()));
        }
        List<String> users =
                page.stream().filter(SlotsView::user).map(SlotsView::name).toList();
        List<String> addresses =
                page.stream().filter(each -> !each.user()).map(SlotsView::name).toList();
        return ask(
                UseHere.class,
                replyTo -> new OverviewMessage.AskUse(page.size(), replyTo, Optional.empty(), users, addresses));
    }

    private static Map<String, Integer> added(List<UseHere> answers, Function<UseHere, List<Use>> part) {
        Map<String, Integer> sums = new HashMap<>();
        answers.forEach(here -> part.apply(here).forEach(use -> sums.merge(use.name(), use.sessions(), Integer::sum)));
        return sums;
    }

    /**
     * Ends a session and its data connection, on any node.
     *
     * @param reason the text of the client's last reply
     */
    public CompletionStage<Outcome> kick(String sessionId, String reason) {
        return done(replyTo -> new OverviewMessage.Kick(sessionId, reason, replyTo));
    }

    /**
     * The last refusals of all nodes about a user, an address, a network or a session, the newest first.
     *
     * @param about empty for all
     */
    public CompletionStage<Nodes<Refusal>> refusals(String about, int limit) {
        return ask(RecordMessage.RefusalsHere.class, replyTo -> new RecordMessage.AskRefusals(about, limit, replyTo))
                .thenApply(answers -> new Nodes<>(
                        answers.answers().stream()
                                .flatMap(here -> here.refusals().stream())
                                .sorted(Comparator.comparing(Refusal::time).reversed())
                                .limit(limit)
                                .toList(),
                        answers.incomplete()));
    }

    /**
     * The next lines of the trace of each node.
     *
     * @param seen the last line that was seen of each node; empty to be told only where the trace stands
     */
    public CompletionStage<Nodes<RecordMessage.TraceHere>> trace(Map<String, Long> seen, int limit) {
        return ask(RecordMessage.TraceHere.class, replyTo -> new RecordMessage.AskTrace(seen, limit, replyTo));
    }

    /** The minutes of all nodes that the cluster does not have yet. */
    public CompletionStage<Nodes<Figures.Minute>> figures(Figures.Part part) {
        return ask(RecordMessage.FiguresHere.class, replyTo -> new RecordMessage.AskFigures(part.name(), replyTo))
                .thenApply(answers -> new Nodes<>(
                        answers.answers().stream()
                                .flatMap(here -> here.minutes().stream())
                                .toList(),
                        answers.incomplete()));
    }

    /** Takes a node out of service. */
    public CompletionStage<Outcome> drain(String node, AfterDrain after) {
        return done(replyTo ->
                new OverviewMessage.Steer(node, true, replyTo, after == AfterDrain.STAY, after == AfterDrain.RESTART));
    }

    /** Returns a node to service. */
    public CompletionStage<Outcome> undrain(String node) {
        return done(replyTo -> new OverviewMessage.Steer(node, false, replyTo, false, false));
    }

    private CompletionStage<Outcome> done(Function<ActorRef<OverviewMessage>, Question> question) {
        return ask(Done.class, question)
                .thenApply(answers -> new Outcome(
                        answers.answers().stream()
                                .filter(Done::done)
                                .map(Done::node)
                                .findFirst()
                                .orElse(""),
                        answers.answers().stream()
                                .flatMap(each -> each.refused().stream())
                                .findFirst(),
                        answers.incomplete()));
    }

    private <T extends OverviewMessage> CompletionStage<Nodes<T>> ask(
            Class<T> answer, Function<ActorRef<OverviewMessage>, Question> question) {
        return members.ask(answer, question);
    }
}
