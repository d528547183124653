package flotilla.node.session;

import flotilla.node.message.SessionMessage;

/** What a session tells itself: answers of what nodes share, ends of waits and of commands. Never leaves its node. */
sealed interface SessionEvent extends SessionMessage
        permits CommandDesk.Finished,
                Outbox.Ahead,
                Outbox.Saved,
                Outbox.Written,
                DataWait.Over,
                Departure.Step,
                EndpointDesk.Gone,
                EndpointDesk.LeaseAgain,
                EndpointDesk.Leased,
                EndpointDesk.Reopened,
                FileLock.Again,
                FileLock.Answered,
                LoginDesk.Step,
                Session.ControlLost,
                Session.EndNow,
                Succession.Revived,
                TransferDesk.Abandoned {}
