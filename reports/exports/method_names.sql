-- One row per method of estimating: how the pages call it.
select * from (
    values
        ('bottom_up', 'bottom up'),
        ('remaining_at_budget', 'rest at budget'),
        ('cpi', 'CPI'),
        ('cpi_spi', 'CPI × SPI'),
        ('cpi_spi_t', 'CPI × SPI(t)'),
        ('last_3', 'last 3 months'),
        ('last_6', 'last 6 months'),
        ('weighted', 'weighted'),
        ('reference_class', 'like projects')
) as names (method, name)
