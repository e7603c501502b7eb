namespace SimplexActors.Protocol.Smp.Commands;

/// <summary>
/// The party that a command belongs to (section 9 of the specification): it says which kind of id names
/// the entity and whose key authorises the command.
/// </summary>
public enum CommandParty : byte
{
    /// <summary><c>NEW</c>; no entity yet.</summary>
    Creator = 1,

    /// <summary>The owner of a queue, by recipient id.</summary>
    Recipient,

    /// <summary>A service that owns queues, by service id.</summary>
    RecipientService,

    /// <summary>By sender id.</summary>
    Sender,

    /// <summary><c>PING</c>.</summary>
    IdleClient,

    /// <summary>Somebody who holds a short link, by link id.</summary>
    LinkClient,

    /// <summary>By notifier id.</summary>
    Notifier,

    /// <summary>A notification service, by service id.</summary>
    NotifierService,

    /// <summary>A client that uses this router as its proxy, by relay session id.</summary>
    ProxiedClient,

    /// <summary>A proxy that uses this router as relay.</summary>
    ProxyService,

    /// <summary>A client that resolves names.</summary>
    Resolver,
}

/// <summary>Which party and which service role a command belongs to.</summary>
public static class CommandParties
{
    /// <summary>The party of <paramref name="tag"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a tag.</exception>
    public static CommandParty PartyOf(SmpCommandTag tag) => tag switch
    {
        SmpCommandTag.NEW => CommandParty.Creator,
        SmpCommandTag.SUB or SmpCommandTag.KEY or SmpCommandTag.RKEY or SmpCommandTag.LSET or SmpCommandTag.LDEL
            or SmpCommandTag.NKEY or SmpCommandTag.NDEL or SmpCommandTag.GET or SmpCommandTag.ACK or SmpCommandTag.OFF
            or SmpCommandTag.DEL or SmpCommandTag.QUE => CommandParty.Recipient,
        SmpCommandTag.SUBS => CommandParty.RecipientService,
        SmpCommandTag.SKEY or SmpCommandTag.SEND => CommandParty.Sender,
        SmpCommandTag.PING => CommandParty.IdleClient,
        SmpCommandTag.LKEY or SmpCommandTag.LGET => CommandParty.LinkClient,
        SmpCommandTag.NSUB => CommandParty.Notifier,
        SmpCommandTag.NSUBS => CommandParty.NotifierService,
        SmpCommandTag.PRXY or SmpCommandTag.PFWD => CommandParty.ProxiedClient,
        SmpCommandTag.RFWD => CommandParty.ProxyService,
        SmpCommandTag.RSLV => CommandParty.Resolver,
        _ => throw new ArgumentOutOfRangeException(nameof(tag), tag, null),
    };

    /// <summary>The role a service session needs for <paramref name="tag"/>; null when any will do (S-183).</summary>
    public static ServiceRole? RoleOf(SmpCommandTag tag) => PartyOf(tag) switch
    {
        CommandParty.IdleClient => null,
        CommandParty.Notifier or CommandParty.NotifierService => ServiceRole.Notifier,
        CommandParty.ProxyService => ServiceRole.Proxy,
        _ => ServiceRole.Messaging,
    };
}
