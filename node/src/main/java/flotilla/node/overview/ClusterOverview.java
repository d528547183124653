package flotilla.node.overview;

import flotilla.node.overview.OverviewMessage.Done;
import flotilla.node.overview.OverviewMessage.Keyed;
import flotilla.node.overview.OverviewMessage.LeasesHere;
import flotilla.node.overview.OverviewMessage.NodeView;
import flotilla.node.overview.OverviewMessage.Progress;
import flotilla.node.overview.OverviewMessage.Question;
import flotilla.node.overview.OverviewMessage.SessionView;
import flotilla.node.overview.OverviewMessage.SessionsHere;
import flotilla.node.overview.OverviewMessage.TransfersHere;
import flotilla.node.overview.OverviewMessage.Use;
import flotilla.node.overview.OverviewMessage.UseHere;
import flotilla.node.overview.SessionQuery.SortKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The whole cluster as one: asks the overview of every member, waits for each a bounded time, and puts the answers together.
 * Whoever did not answer is named in what comes of it.
 */
public final class ClusterOverview {
    private final Members members;

    public ClusterOverview(Members members) {
        this.members = members;
    }

    /**
     * A page of sessions.
     *
     * @param next where the next page begins; empty for the last one
     * @param matched how many sessions match in all
     * @param incomplete nodes that did not answer
     */
    public record Page(List<SessionView> sessions, Optional<SortKey> next, int matched, List<String> incomplete) {}

    /** Answers of nodes. @param incomplete nodes that did not answer */
    public record Nodes<T>(List<T> answers, List<String> incomplete) {}

    /** Whether it was done, by which node. @param node empty for none @param incomplete nodes that did not do it, with the reason if they told one */
    public record Outcome(String node, List<String> incomplete) {
        public boolean isDone() {
            return !node.isEmpty();
        }
    }

    /** Who has most sessions, over all nodes. */
    public record Usage(int sessions, List<Use> users, List<Use> addresses, List<String> incomplete) {}

    /** A page in the order asked for, with what the nodes of data connections know. */
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

    /** Asks for the bytes of those sessions that move some. */
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

    /** The transfers that lead the order first, then their sessions. */
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

    public CompletionStage<Nodes<NodeView>> nodes() {
        return ask(NodeView.class, OverviewMessage.AskNode::new)
                .thenApply(answers -> new Nodes<>(
                        answers.answers().stream()
                                .sorted(Comparator.comparing(NodeView::node))
                                .toList(),
                        answers.incomplete()));
    }

    /** Up to {@code limit} leases of each node. */
    public CompletionStage<Nodes<LeasesHere>> leases(int limit) {
        return ask(LeasesHere.class, replyTo -> new OverviewMessage.AskLeases(limit, replyTo));
    }

    /** Users and addresses with most sessions: of each node its {@code limit} largest, added up. */
    public CompletionStage<Usage> usage(int limit) {
        return ask(UseHere.class, replyTo -> new OverviewMessage.AskUse(limit, replyTo))
                .thenApply(answers -> new Usage(
                        answers.answers().stream().mapToInt(UseHere::sessions).sum(),
                        added(answers.answers(), UseHere::users, limit),
                        added(answers.answers(), UseHere::addresses, limit),
                        answers.incomplete()));
    }

    private static List<Use> added(List<UseHere> answers, Function<UseHere, List<Use>> part, int limit) {
        Map<String, Integer> sums = new HashMap<>();
        answers.forEach(here -> part.apply(here).forEach(use -> sums.merge(use.name(), use.sessions(), Integer::sum)));
        List<Use> all = new ArrayList<>();
        sums.forEach((name, sessions) -> all.add(new Use(name, sessions)));
        all.sort(Comparator.comparingInt(Use::sessions).reversed().thenComparing(Use::name));
        return all.stream().limit(limit).toList();
    }

    /** Ends a session wherever it is, its control and its data connection. */
    public CompletionStage<Outcome> kick(String sessionId, String reason) {
        return done(replyTo -> new OverviewMessage.Kick(sessionId, reason, replyTo));
    }

    /** Takes a node out of service, or back. */
    public CompletionStage<Outcome> steer(String node, boolean drain) {
        return done(replyTo -> new OverviewMessage.Steer(node, drain, replyTo));
    }

    private CompletionStage<Outcome> done(Function<ActorRef<OverviewMessage>, Question> question) {
        return members.order(Done.class, question)
                .thenApply(answers -> new Outcome(
                        answers.answers().stream()
                                .filter(Done::done)
                                .map(Done::node)
                                .findFirst()
                                .orElse(""),
                        answers.incomplete()));
    }

    private <T extends OverviewMessage> CompletionStage<Nodes<T>> ask(
            Class<T> answer, Function<ActorRef<OverviewMessage>, Question> question) {
        return members.ask(answer, question);
    }
}
