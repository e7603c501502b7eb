namespace SimplexActors.Actors.Statistics;

/// <summary>
/// What the router counts (S-402 to S-408, O-290 to O-318), under the names of the reference. Every counter only grows;
/// what a period counted is a difference (see <see cref="StatisticsSnapshot"/>).
/// </summary>
public enum Counter
{
    /// <summary><c>NEW</c> accepted (S-249, O-290).</summary>
    QCreated,

    /// <summary>Sender key set by <c>KEY</c>, <c>SKEY</c> or <c>LKEY</c>, repeats included (S-249, O-291).</summary>
    QSecured,

    /// <summary>Queue deleted by its recipient, by the operator or because nobody used it (S-249, O-292).</summary>
    QDeletedAll,

    /// <summary>Of these: had no sender key.</summary>
    QDeletedNew,

    /// <summary>Of these: had a sender key.</summary>
    QDeletedSecured,

    /// <summary>Blocks of several commands to recipients' queues whose first is <c>DEL</c> (S-403, O-293).</summary>
    QDeletedAllB,

    /// <summary>Active queue blocked by the operator (S-369, O-294).</summary>
    QBlocked,

    /// <summary><c>SUB</c>, first on its connection, that delivered a message (S-402, O-295).</summary>
    QSub,

    /// <summary>Blocks of several commands to recipients' queues whose first is <c>SUB</c> (S-403, O-293).</summary>
    QSubAllB,

    /// <summary><c>SUB</c> answered <c>AUTH</c> (S-187, O-296).</summary>
    QSubAuth,

    /// <summary><c>SUB</c> of the connection that is subscribed already (S-404, O-297).</summary>
    QSubDuplicate,

    /// <summary><c>SUB</c> after <c>GET</c> on one connection (S-404, O-297).</summary>
    QSubProhibited,

    /// <summary><c>END</c>, <c>DELD</c> and <c>ENDS</c> events sent (S-405, O-298).</summary>
    QSubEnd,

    /// <summary>Batches that these were sent in, of up to 255 (S-405, O-298).</summary>
    QSubEndB,

    /// <summary><c>NKEY</c> accepted (S-249, O-299).</summary>
    NtfCreated,

    /// <summary><c>NEW</c> accepted with notifier credentials (S-249, O-299).</summary>
    NtfNewCreated,

    /// <summary><c>NDEL</c> that removed credentials (S-249, O-299).</summary>
    NtfDeleted,

    /// <summary>Blocks of several commands to recipients' queues whose first is <c>NDEL</c> (S-403, O-293).</summary>
    NtfDeletedB,

    /// <summary><c>NSUB</c> outside service sessions, first on its connection (S-406, O-300).</summary>
    NtfSub,

    /// <summary>Blocks of several commands to notifiers' queues (S-403, O-293).</summary>
    NtfSubB,

    /// <summary><c>NSUB</c> answered <c>AUTH</c> (S-187, O-296).</summary>
    NtfSubAuth,

    /// <summary><c>NSUB</c> of the connection that is subscribed already (S-406, O-300).</summary>
    NtfSubDuplicate,

    /// <summary><c>SEND</c> stored (S-283, O-301).</summary>
    MsgSent,

    /// <summary><c>SEND</c> answered <c>AUTH</c>, to a suspended queue too (S-187, S-277, O-296).</summary>
    MsgSentAuth,

    /// <summary><c>SEND</c> answered <c>QUOTA</c> (O-302).</summary>
    MsgSentQuota,

    /// <summary><c>SEND</c> answered <c>LARGE_MSG</c> (S-276, O-302).</summary>
    MsgSentLarge,

    /// <summary><c>SEND</c> answered <c>BLOCKED</c> (S-277, O-302).</summary>
    MsgSentBlock,

    /// <summary><c>ACK</c> that removed a message; quota markers are none (S-275, S-282, O-303).</summary>
    MsgRecv,

    /// <summary>Of these: got by <c>GET</c> (S-275, O-304).</summary>
    MsgRecvGet,

    /// <summary><c>GET</c> that delivered a message (O-305).</summary>
    MsgGet,

    /// <summary><c>GET</c> of an empty queue (O-305).</summary>
    MsgGetNoMsg,

    /// <summary><c>GET</c> answered <c>AUTH</c> (S-187, O-296).</summary>
    MsgGetAuth,

    /// <summary><c>GET</c> that delivered again what the connection got before (O-305).</summary>
    MsgGetDuplicate,

    /// <summary><c>GET</c> of the connection that is subscribed (O-305).</summary>
    MsgGetProhibited,

    /// <summary>Messages removed because of their age (S-408, O-306).</summary>
    MsgExpired,

    /// <summary><c>SEND</c> with the notification flag stored (S-283, O-308).</summary>
    MsgSentNtf,

    /// <summary>Of <see cref="MsgRecv"/>: with the notification flag (S-275, O-308).</summary>
    MsgRecvNtf,

    /// <summary><c>NMSG</c> events sent (S-300, O-309).</summary>
    MsgNtfs,

    /// <summary>Batches that these were sent in, of up to 80 (S-300, O-309).</summary>
    MsgNtfsB,

    /// <summary>Notifications that found no subscribed notifier and waited in the store (O-311).</summary>
    MsgNtfNoSub,

    /// <summary>Waiting notifications dropped because newer ones of their notifier took their place (S-484, O-311).</summary>
    MsgNtfLost,

    /// <summary>Waiting notifications removed because of their age (S-408, O-310).</summary>
    MsgNtfExpired,

    /// <summary><c>PRXY</c>: sessions asked for (S-356, O-314).</summary>
    PRelaysRequests,

    /// <summary>Sessions given.</summary>
    PRelaysSuccesses,

    /// <summary>Refused: the relay could not be reached.</summary>
    PRelaysErrorsConnect,

    /// <summary>Refused: the relay's version does not do.</summary>
    PRelaysErrorsCompat,

    /// <summary>Refused for another reason.</summary>
    PRelaysErrorsOther,

    /// <summary>As <see cref="PRelaysRequests"/>, relays in <c>own_server_domains</c> only.</summary>
    PRelaysOwnRequests,

    /// <inheritdoc cref="PRelaysSuccesses"/>
    PRelaysOwnSuccesses,

    /// <inheritdoc cref="PRelaysErrorsConnect"/>
    PRelaysOwnErrorsConnect,

    /// <inheritdoc cref="PRelaysErrorsCompat"/>
    PRelaysOwnErrorsCompat,

    /// <inheritdoc cref="PRelaysErrorsOther"/>
    PRelaysOwnErrorsOther,

    /// <summary><c>PFWD</c>: commands to be forwarded (S-356, O-315).</summary>
    PMsgFwdsRequests,

    /// <summary>The relay answered, be it with an error.</summary>
    PMsgFwdsSuccesses,

    /// <summary>No such session, or the relay could not be reached.</summary>
    PMsgFwdsErrorsConnect,

    /// <summary>The relay's version does not do.</summary>
    PMsgFwdsErrorsCompat,

    /// <summary>Failed for another reason.</summary>
    PMsgFwdsErrorsOther,

    /// <summary>As <see cref="PMsgFwdsRequests"/>, relays in <c>own_server_domains</c> only.</summary>
    PMsgFwdsOwnRequests,

    /// <inheritdoc cref="PMsgFwdsSuccesses"/>
    PMsgFwdsOwnSuccesses,

    /// <inheritdoc cref="PMsgFwdsErrorsConnect"/>
    PMsgFwdsOwnErrorsConnect,

    /// <inheritdoc cref="PMsgFwdsErrorsCompat"/>
    PMsgFwdsOwnErrorsCompat,

    /// <inheritdoc cref="PMsgFwdsErrorsOther"/>
    PMsgFwdsOwnErrorsOther,

    /// <summary><c>RFWD</c> received and decrypted (S-356, O-315).</summary>
    PMsgFwdsRecv,

    /// <summary>Queue associated with a receiving service for the first time (S-407, O-316).</summary>
    RcvServicesAssocNew,

    /// <summary>Associated again with the same service.</summary>
    RcvServicesAssocDuplicate,

    /// <summary>Associated with another service than before.</summary>
    RcvServicesAssocUpdated,

    /// <summary>Subscribed without a service: the association ended.</summary>
    RcvServicesAssocRemoved,

    /// <summary>Service subscriptions that began.</summary>
    RcvServicesSubCount,

    /// <summary>Service subscriptions repeated on their connection.</summary>
    RcvServicesSubDuplicate,

    /// <summary>Queues subscribed through a service.</summary>
    RcvServicesSubQueues,

    /// <summary>Service subscriptions that ended.</summary>
    RcvServicesSubEnd,

    /// <summary><c>SUBS</c> whose number and hash of queues are the router's.</summary>
    RcvServicesSubOk,

    /// <summary><c>SUBS</c>: the router knows more queues.</summary>
    RcvServicesSubMore,

    /// <summary><c>SUBS</c>: the router knows fewer queues.</summary>
    RcvServicesSubFewer,

    /// <summary><c>SUBS</c>: as many queues, but others.</summary>
    RcvServicesSubDiff,

    /// <summary>Queues that the router knew in addition, summed up.</summary>
    RcvServicesSubMoreTotal,

    /// <summary>Queues that the router did not know, summed up.</summary>
    RcvServicesSubFewerTotal,

    /// <inheritdoc cref="RcvServicesAssocNew"/>
    NtfServicesAssocNew,

    /// <inheritdoc cref="RcvServicesAssocDuplicate"/>
    NtfServicesAssocDuplicate,

    /// <inheritdoc cref="RcvServicesAssocUpdated"/>
    NtfServicesAssocUpdated,

    /// <inheritdoc cref="RcvServicesAssocRemoved"/>
    NtfServicesAssocRemoved,

    /// <inheritdoc cref="RcvServicesSubCount"/>
    NtfServicesSubCount,

    /// <inheritdoc cref="RcvServicesSubDuplicate"/>
    NtfServicesSubDuplicate,

    /// <inheritdoc cref="RcvServicesSubQueues"/>
    NtfServicesSubQueues,

    /// <inheritdoc cref="RcvServicesSubEnd"/>
    NtfServicesSubEnd,

    /// <inheritdoc cref="RcvServicesSubOk"/>
    NtfServicesSubOk,

    /// <inheritdoc cref="RcvServicesSubMore"/>
    NtfServicesSubMore,

    /// <inheritdoc cref="RcvServicesSubFewer"/>
    NtfServicesSubFewer,

    /// <inheritdoc cref="RcvServicesSubDiff"/>
    NtfServicesSubDiff,

    /// <inheritdoc cref="RcvServicesSubMoreTotal"/>
    NtfServicesSubMoreTotal,

    /// <inheritdoc cref="RcvServicesSubFewerTotal"/>
    NtfServicesSubFewerTotal,

    /// <summary>Messages delivered because a receiving service subscribed (O-317).</summary>
    RcvServicesSubMsg,

    /// <summary>Messages not delivered then because they had been already (O-317).</summary>
    RcvServicesSubMsgDuplicate,

    /// <summary><c>RSLV</c> (S-367, O-318).</summary>
    RslvReqs,

    /// <summary>Of these: answered with a record.</summary>
    RslvSucc,

    /// <summary>Of these: no such name.</summary>
    RslvNotFound,

    /// <summary>Of these: the resolver failed.</summary>
    RslvResolverErrs,

    /// <summary>Of these: names are switched off.</summary>
    RslvDisabled,
}
