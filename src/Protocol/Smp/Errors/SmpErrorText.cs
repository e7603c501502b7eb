namespace SimplexActors.Protocol.Smp.Errors;

/// <summary>The text form of errors: the wire form, but texts inside stand as they are, without a length.</summary>
public static class SmpErrorText
{
    /// <summary>The text of an error.</summary>
    public static string Of(SmpError error) => error switch
    {
        SimpleError simple => simple.Tag,
        CmdError cmd => $"CMD {cmd.Kind}",
        BlockedError blocked => $"BLOCKED {BlockingInfoText.Format(blocked.Info)}",
        StoreError store => $"STORE {store.Text}",
        NameResolverError name => $"NAME RESOLVER {name.Text}",
        ProxyProtocolError proxy => $"PROXY PROTOCOL {Of(proxy.Error)}",
        ProxyBrokerError proxy => $"PROXY BROKER {Of(proxy.Error)}",
        _ => throw new ArgumentOutOfRangeException(nameof(error), error.GetType(), null),
    };

    /// <summary>The text of a broker error; details of network errors are not shown, as on the wire.</summary>
    public static string Of(BrokerError error) => error switch
    {
        SimpleBrokerError simple => simple.Tag,
        BrokerResponseError response => $"RESPONSE {response.Text}",
        BrokerUnexpectedError unexpected => $"UNEXPECTED {unexpected.Text}",
        BrokerTransportError transport => $"TRANSPORT {System.Text.Encoding.ASCII.GetString(TransportErrorText.BytesOf(transport.Error))}",
        BrokerNetworkError => "NETWORK",
        _ => throw new ArgumentOutOfRangeException(nameof(error), error.GetType(), null),
    };
}
