package flotilla.node.session;

import flotilla.node.message.SessionMessage;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The parts of a session that its desks share.
 *
 * @param session the state of the session and its current command
 * @param client the way to the client
 * @param grants the questions to what nodes share
 */
record Parts(
        ActorContext<SessionMessage> context,
        TimerScheduler<SessionMessage> timers,
        SessionEnvironment env,
        Conversation session,
        Outbox client,
        Grants grants) {}
