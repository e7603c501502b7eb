namespace SimplexActors.Protocol.Smp.Commands;

/// <summary>Command tags as the protocol spells them (section 9 of the specification).</summary>
public enum SmpCommandTag : byte
{
#pragma warning disable CS1591 // The names are the tags themselves.
    NEW = 1, SUB, SUBS, KEY, RKEY, LSET, LDEL, NKEY, NDEL, GET, ACK, OFF, DEL, QUE,
    SKEY, SEND, PING, LKEY, LGET, NSUB, NSUBS, PRXY, PFWD, RFWD, RSLV,
#pragma warning restore CS1591
}
